"""What the page of a count needs beside the common style: ribbons, facts, stages, and paper of A4."""

from __future__ import annotations

LOOK = """
svg .flow{fill:var(--link);opacity:.5}
svg .flow.lost{fill:var(--edge);opacity:.45}
svg .lost{fill:var(--edge)}
svg .stay{fill:var(--line);opacity:.55}
svg text.on{fill:var(--paper)}
svg text.halo{stroke:var(--paper);stroke-width:3;paint-order:stroke}
.facts{display:flex;flex-wrap:wrap;gap:.75rem 2.25rem;margin:1.1rem 0;padding:0}
.facts div{display:flex;flex-direction:column-reverse}
.facts dt{color:var(--soft);font-size:.9375rem}
.facts dd{margin:0;font:600 1.6rem/1.2 var(--serif)}
.note{background:var(--wash);padding:.7rem 1.1rem;border-radius:4px;max-inline-size:41rem}
.note.warn{background:var(--warnwash);color:var(--warn);font-weight:600}
.whole{max-inline-size:34rem}
.stage{border-block-start:3px solid var(--line);padding-block-start:1rem;margin-block-start:2.25rem}
.stage h3{margin-block:0 .4rem;font-size:1.35rem}
.stage h3 .no{color:var(--soft);font-weight:400;border:0;margin:0;padding:0}
.says{font-size:1.0938rem}
.pair{display:grid;gap:0 2.5rem;grid-template-columns:repeat(auto-fit,minmax(min(20rem,100%),1fr));align-items:start}
.pair figure{margin:1rem 0 0;max-inline-size:26rem}
.tally{margin-block:.9rem;max-inline-size:32rem}
.tally th,.tally td,.ways th,.ways td{padding-block:.32rem;font-size:.9375rem}
.tally tbody th{font-weight:400}
.tally .in th,.tally .in td{font-weight:600}
.tally .won th,.tally .won td{color:var(--won);font-weight:600}
.tally .out th,.tally .out td{color:var(--soft)}
.tally tfoot th,.tally tfoot td{color:var(--soft);font-weight:400}
.tally tfoot tr:first-child>*{border-block-start:1.5px solid var(--edge)}
.ways{max-inline-size:41rem}
.ways tbody th{font-weight:400}
.reckoned{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.25rem 1.5rem}
.fell{font-weight:600;color:var(--won)}
.gone{font-weight:600}
.tied{border-inline-start:4px solid var(--warn);padding-inline-start:.9rem}
.clause{color:var(--soft);font-size:.9375rem}
details{margin-block:1rem}
summary{cursor:pointer;padding-block:.35rem;color:var(--link)}
@page{size:A4;margin:16mm 15mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}}
@media (max-width:44rem){.tally th,.tally td{font-size:.9rem}}
@media print{
.stage{break-inside:auto;margin-block-start:1.2rem}.stage h3,.stage .says{break-after:avoid}
.pair{grid-template-columns:1.15fr 1fr;gap:0 1.2rem}.pair figure{max-inline-size:none}
thead{display:table-header-group}tfoot{display:table-row-group}tr{break-inside:avoid}
.tally th,.tally td,.ways th,.ways td{padding-block:.12rem;font-size:8.5pt}
.whole{max-inline-size:12cm}.whole figure,.whole svg{break-inside:auto}
.sheet{font-size:7.5pt}.facts dd{font-size:1.2rem}
}
"""
