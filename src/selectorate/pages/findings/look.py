"""What pages of findings need beside the officer's style."""

from __future__ import annotations

LOOK = """
nav.top{padding-block:1.25rem 0}
nav.top p{margin:0}
.finding{border-block-start:0;margin-block-start:.5rem}
.finding h1{margin-block:.2rem .4rem}
.finding>h2,.pair h2,.what h2{font:600 1.2rem/1.35 var(--serif);margin:2.25rem 0 .35rem}
.what{margin-block-start:3rem}
.what h2{margin-block-start:0}
.cards{list-style:none;margin:1.25rem 0 0;padding:0}
.cards li{border-inline-start:5px solid var(--edge);padding:.1rem 0 .1rem 1.2rem;margin-block-end:1.75rem;
max-inline-size:46rem}
.cards .s3,.cards .s4{border-color:var(--warn)}
.cards h3{margin:0 0 .25rem;font-size:1.3rem}
.cards p{margin:.2rem 0}
"""
