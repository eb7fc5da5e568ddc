"""The look of a letter: A4, black on white on paper and screen, no fonts from elsewhere."""

from __future__ import annotations

STYLE = """
*{box-sizing:border-box}
@page{size:A4;margin:0}
html{color-scheme:light;background:#e9e7e1;color:#111;
--sans:"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;
--serif:"Iowan Old Style","Palatino Linotype","URW Palladio L",P052,Palatino,Georgia,"Liberation Serif",serif;
--mono:Menlo,Consolas,"DejaVu Sans Mono","Liberation Mono",monospace}
body{margin:0;font:10.5pt/1.42 var(--sans)}
.letter{position:relative;inline-size:210mm;min-block-size:296.5mm;margin:8mm auto;background:#fff;
padding:16mm 20mm 10mm 25mm;display:flex;flex-direction:column;overflow-wrap:anywhere}
.from{font-weight:600;margin:0;min-block-size:9mm;max-block-size:15mm;overflow:hidden}
.to{min-block-size:36mm;margin:20mm 0 5mm;inline-size:80mm;font-style:normal;font-size:11pt;line-height:1.32}
.to span{display:block}
h1{font:600 19pt/1.18 var(--serif);margin:0 0 2mm;text-wrap:balance}
.tight{font-size:9.5pt;line-height:1.36}
.tight h1{font-size:12.5pt}
.tight h2{margin-block-start:2.5mm}
.tight .to{margin-block:16mm 3mm}
.tight .when{margin-block-end:2.5mm}
h2{font:600 11pt/1.3 var(--sans);margin:4mm 0 .8mm}
p{margin:0 0 1.4mm}
.when{font-size:11pt;margin-block-end:3.5mm}
.code{border:.5mm solid #111;border-radius:1.5mm;padding:3mm 4mm 3.5mm;break-inside:avoid}
.code p{margin:0}
.code .is{font-size:9.5pt}
.code .key{font:600 22pt/1.5 var(--mono);white-space:nowrap}
.code .key i{font-style:normal;font-weight:400;color:#555;padding-inline:.06em}
.code .care{font-size:9.5pt}
ol{margin:0 0 1.2mm;padding-inline-start:5.5mm}
li{padding-block:.35mm}
.words,.word{font-family:var(--mono);font-size:.86em}
.words{font-size:8.3pt;display:block;background:#f2f1ed;border-radius:1mm;padding:1mm 2mm;margin-block:.7mm}
.end{margin-block-start:auto;padding-block-start:3mm;color:#444;font-size:8.5pt;display:flex;
justify-content:space-between;gap:6mm}
@media print{html{background:#fff}.letter{margin:0;break-after:page;break-inside:avoid}
.letter:last-child{break-after:auto}.words{outline:.2mm solid #bbb}}
"""
