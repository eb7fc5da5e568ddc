"""The look of every page: one palette in two lights, one sheet of rules, no fonts from elsewhere.

Colours are here as values so that a test can compute their contrast (WCAG 2.2 AA: 4.5 for text, 3 for
pictures). Colour never carries meaning alone: marks, words or hatching say the same.
"""

from __future__ import annotations

LIGHT = {
    "paper": "#fdfcf9",
    "wash": "#f4f2ec",
    "ink": "#1b1f1d",
    "soft": "#565d59",
    "line": "#d8d6ce",
    "edge": "#86867c",
    "won": "#17614c",
    "wonwash": "#e4f0ea",
    "run": "#6b8391",
    "warn": "#7c4a03",
    "warnwash": "#faefdb",
    "quota": "#a3371f",
    "link": "#14568a",
}
DARK = {
    "paper": "#15181a",
    "wash": "#1e2325",
    "ink": "#eceae4",
    "soft": "#a9aeaa",
    "line": "#363c3f",
    "edge": "#7d8584",
    "won": "#6fcfab",
    "wonwash": "#17332a",
    "run": "#7890a0",
    "warn": "#f0bd6e",
    "warnwash": "#372a14",
    "quota": "#f08c72",
    "link": "#8cc2f2",
}
TEXT_PAIRS = (
    ("ink", "paper"), ("ink", "wash"), ("soft", "paper"), ("soft", "wash"), ("won", "paper"),
    ("won", "wonwash"),
    ("ink", "wonwash"), ("warn", "warnwash"), ("ink", "warnwash"), ("warn", "paper"), ("link", "paper"),
    ("link", "wash"), ("quota", "paper"), ("link", "warnwash"),
)  # fmt: skip
"""Text colour on ground, as used: at least 4.5."""
PICTURE_PAIRS = (("won", "paper"), ("run", "paper"), ("quota", "paper"), ("edge", "paper"), ("warn", "paper"))
"""Shapes on ground, as used: at least 3."""


def colours(*names: str) -> str:
    """The rules that define these colours (all without names) for light, dark and paper."""

    def listed(palette: dict[str, str]) -> str:
        return "".join(f"--{name}:{value};" for name, value in palette.items() if not names or name in names)

    light, dark = listed(LIGHT), listed(DARK)
    return (
        f"html{{color-scheme:light dark;{light}}}@media (prefers-color-scheme:dark){{html{{{dark}}}}}"
        f"@media print{{html{{color-scheme:light;{light}--paper:#fff}}}}"
    )


BASE = """
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);-webkit-text-size-adjust:100%;text-size-adjust:100%;
--sans:-apple-system,"Segoe UI",Roboto,"Helvetica Neue","Noto Sans","Liberation Sans",Arial,sans-serif;
--serif:"Iowan Old Style","Palatino Linotype","URW Palladio L",P052,Palatino,Georgia,"Liberation Serif",serif;
--mono:ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace}
body{margin:0;font:1.0625rem/1.6 var(--sans);overflow-wrap:break-word}
main,.top,.foot{max-inline-size:66rem;margin-inline:auto;padding-inline:clamp(1.125rem,4vw,2.5rem)}
h1,h2,h3{font-family:var(--serif);font-weight:600;line-height:1.18;text-wrap:balance;margin:0}
h1{font-size:clamp(2rem,1.4rem + 2.6vw,3.1rem);letter-spacing:-.012em}
h2{font-size:clamp(1.5rem,1.25rem + 1vw,1.95rem);letter-spacing:-.006em}
h3{font-size:1.2rem;margin-block:2.25rem .5rem}
p,li,dd{max-inline-size:41rem}
p{margin-block:.75rem}
a{color:var(--link);text-underline-offset:.18em;text-decoration-thickness:.06em}
a:hover{text-decoration-thickness:.13em}
a:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:3px;border-radius:2px}
code,pre{font-family:var(--mono);font-size:.9em}
.skip{position:absolute;inset-inline-start:-99rem}
.skip:focus{position:static;display:inline-block;padding:.5rem 1rem}
.unseen{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.soft{color:var(--soft)}
.small{font-size:.9375rem;line-height:1.5}
.demo{background:var(--warnwash);color:var(--warn);font-size:.9375rem;line-height:1.45}
.demo p{max-inline-size:66rem;margin:0 auto;padding:.65rem clamp(1.125rem,4vw,2.5rem)}
.demo b{color:inherit}
.foot{border-block-start:1px solid var(--line);margin-block-start:4rem;padding-block:1.5rem 3rem;
color:var(--soft);font-size:.9375rem}
table{border-collapse:collapse;inline-size:100%;font-size:.9688rem;line-height:1.45;margin-block:1.25rem}
caption{text-align:start;color:var(--soft);font-size:.9375rem;padding-block-end:.6rem}
th,td{text-align:start;vertical-align:top;padding:.6rem .9rem .6rem 0;padding-inline:0 .9rem;
border-block-end:1px solid var(--line)}
th{font-weight:600}
tr>:last-child{padding-inline-end:0}
thead th{color:var(--soft);font-size:.875rem;font-weight:600;border-block-end:1.5px solid var(--edge);
vertical-align:bottom}
.num{text-align:end;font-variant-numeric:tabular-nums;white-space:nowrap}
.scroll{overflow-x:auto;margin-inline:calc(-1*clamp(0px,4vw,2.5rem));padding-inline:clamp(0px,4vw,2.5rem)}
figure{margin:1.5rem 0}
figcaption{color:var(--soft);font-size:.9375rem;max-inline-size:41rem;margin-block-start:.5rem}
svg{display:block;direction:ltr;inline-size:100%;block-size:auto;font-family:var(--sans)}
svg text{fill:var(--ink)}
svg .s{fill:var(--soft)}
svg .b{font-weight:600}
svg .w{fill:var(--won)}
svg .q{fill:var(--quota)}
svg .a{fill:var(--warn)}
svg .end{text-anchor:end}
svg .mid{text-anchor:middle}
svg .run{fill:var(--run)}
svg .won{fill:var(--won)}
svg .amber{fill:var(--warn)}
svg .ink{fill:var(--ink)}
svg .rule{stroke:var(--line);stroke-width:1}
svg .axis{stroke:var(--edge);stroke-width:1}
svg .quota{stroke:var(--quota);stroke-width:1;stroke-dasharray:4 4}
svg .mark{stroke:var(--ink);stroke-width:2}
svg .thin{stroke:var(--soft);stroke-width:1.5}
svg .hollow{fill:var(--paper);stroke:var(--won);stroke-width:2}
.bars td.bar{inline-size:48%}
.bars td,.bars tbody th{vertical-align:middle}
.bars svg{block-size:1rem}
[dir=rtl] .bars svg{transform:scaleX(-1)}
.narrow{display:none}
@media (max-width:44rem){
.wide{display:none}.narrow{display:block}.bars td.bar{inline-size:32%}
.stack,.stack caption,.stack tbody,.stack tr,.stack td,.stack th[scope=row]{display:block}
.stack thead{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{border-block-end:1px solid var(--line);padding-block:.85rem}
.stack td,.stack th[scope=row]{border:0;padding:.1rem 0}
.stack td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}
.stack .num{text-align:start}
}
@media print{
html{font-size:10pt}body{font-size:1rem}a{color:inherit}.skip,.contents{display:none}
main,.top,.foot{max-inline-size:none}
h2,h3,caption{break-after:avoid}tr,figure,.name{break-inside:avoid}
.files a::after{content:" (" attr(href) ")";color:var(--soft)}
.scroll{overflow:visible}details::details-content{content-visibility:visible;block-size:auto}
}
"""

PUBLIC = """
.top{padding-block:2.75rem 0}
.org{margin:0;font-weight:600}
.contest{margin:0 0 1.5rem;color:var(--soft)}
.names{list-style:none;margin:.9rem 0 2.25rem;padding:0;display:grid;gap:1.75rem 2rem;
grid-template-columns:repeat(auto-fit,minmax(min(11.5rem,100%),1fr))}
.name{border-block-start:4px solid var(--won);padding-block-start:.7rem;max-inline-size:none}
.name .n{display:block;font:600 2.15rem/1.15 var(--serif);overflow-wrap:anywhere}
.name .how span{display:block}
.name .how{display:block;color:var(--soft);font-size:.9375rem;line-height:1.45;margin-block-start:.35rem}
.heading{font:600 1rem/1.4 var(--sans);letter-spacing:0;color:var(--won);margin-block-start:2.25rem}
.lead{font-size:1.1875rem;line-height:1.6}
.verdict{border-inline-start:5px solid var(--warn);background:var(--warnwash);padding:1rem 1.4rem;
margin-block:1.75rem}
.verdict.sure{border-color:var(--won);background:var(--wonwash)}
.verdict p{margin:.3rem 0;max-inline-size:none}
.verdict .word{font-weight:700;color:var(--warn)}
.verdict.sure .word{color:var(--won)}
.contents ul{list-style:none;margin:1.75rem 0 0;padding:.5rem 0;border-block:1px solid var(--line);
display:flex;flex-wrap:wrap;column-gap:1.5rem;font-size:.9375rem}
.contents a{display:inline-block;padding-block:.35rem;text-decoration:none}
.contents a:hover{text-decoration:underline}
section{padding-block-start:3.75rem}
section h2{padding-block-end:.35rem}
.bars .in th{font-weight:400;padding-inline-start:1.25rem}
.sheet{font-size:.875rem;line-height:1.35;border-collapse:separate;border-spacing:0;
margin-block-start:.5rem}
.sheet th,.sheet td{padding-inline:.6rem 0;padding-block:.5rem}
.sheet th:first-child{padding-inline-start:0;position:sticky;inset-inline-start:0;background:var(--paper)}
.sheet thead th{text-align:end;font-weight:400;font-size:.8125rem;white-space:normal;line-height:1.25}
.sheet thead th:first-child{text-align:start}
.sheet thead b{display:block;color:var(--ink);font-size:.9375rem}
.sheet tbody th{font-weight:600}
.sheet tfoot th{white-space:nowrap}
tr>:last-child{padding-inline-end:0}
.sheet .dec{color:var(--soft);font-size:.86em}
.sheet .won{color:var(--won);font-weight:700}
.sheet .won .dec{color:var(--won);font-weight:400}
.sheet tfoot th{font-weight:400}
.sheet tfoot tr:first-child>*{border-block-start:1.5px solid var(--edge)}
.acts li{padding-block:.15rem}
.plain{padding-inline-start:1.2rem}
.acts{padding-inline-start:1.9rem}
.plain li{padding-block:.2rem}
.no{list-style:none;padding:0;margin-block:1.25rem;border-block-start:1px solid var(--line)}
.no li{padding-block:.75rem;border-block-end:1px solid var(--line);max-inline-size:none}
.no b{display:block}
.no span{display:block;max-inline-size:41rem}
.print{font-family:var(--mono);font-size:.8125rem;overflow-wrap:anywhere}
dl.how{margin-block:1.25rem}
dl.how dt{font-weight:600;margin-block-start:1.25rem}
dl.how dd{margin:.35rem 0 0}
pre{background:var(--wash);padding:.8rem 1rem;border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;
margin:.35rem 0;line-height:1.5}
.dates{list-style:none;margin:1.25rem 0;padding:0;display:grid;gap:.9rem 2rem;
grid-template-columns:repeat(auto-fit,minmax(min(11.5rem,100%),1fr))}
.dates li{border-block-start:1px solid var(--line);padding-block-start:.5rem}
.dates b{display:block;font-weight:600;font-size:.9375rem}
.dates span{color:var(--soft);font-size:.9375rem}
@media (max-width:44rem){.name .n{font-size:1.85rem}.names{gap:1.1rem}
section{padding-block-start:3rem}}
@media print{.names{grid-template-columns:repeat(4,1fr)}.sheet{font-size:6.5pt}
section{padding-block-start:1.5rem}.sheet .dec{font-size:1em}}
"""

# There are thousands of these pages: a small sheet of their own.
TRACKERS = """
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink)}
body{font:1.0625rem/1.6 -apple-system,"Segoe UI",Roboto,"Liberation Sans",Arial,sans-serif;
max-inline-size:56rem;margin:2.5rem auto 4rem;padding-inline:clamp(1.125rem,4vw,2.5rem)}
h1{font:600 2rem/1.2 Palatino,Georgia,"Liberation Serif",serif}
p{max-inline-size:41rem}
a{color:var(--link);text-underline-offset:.18em}
code,.grid,h2{font-family:Menlo,Consolas,"Liberation Mono",monospace}
table{border-collapse:collapse;inline-size:100%}
caption,thead th{text-align:start;color:var(--soft);font-size:.9375rem}
th,td{text-align:start;vertical-align:top;font-weight:400;padding:.5rem 1rem .5rem 0;
border-block-end:1px solid var(--line);overflow-wrap:anywhere}
h2{font-size:1.35rem;margin-block:1.5rem .25rem}
.grid{list-style:none;padding:0;margin:.5rem 0;display:flex;flex-wrap:wrap;gap:.35rem}
.grid a{display:block;min-inline-size:2.6rem;padding:.2rem .4rem;text-align:center;text-decoration:none;
border:1px solid var(--line);border-radius:4px}
"""

OFFICER = """
.top{padding-block:2.5rem 0}
section{padding-block-start:3.25rem}
.finding{border-block-start:3px solid var(--edge);margin-block-start:2.5rem;padding-block-start:1.1rem}
.finding.s3,.finding.s4{border-color:var(--warn)}
.finding h3{margin-block:.15rem .35rem;font-size:1.45rem}
.level{margin:0;font-size:.9375rem;color:var(--soft)}
.s3 .level,.s4 .level{color:var(--warn)}
h4{font:600 1rem/1.4 var(--sans);margin:1.5rem 0 .35rem}
.past th,.past td{padding-block:.3rem}
.facts{display:flex;flex-wrap:wrap;gap:.75rem 2.25rem;margin:1.1rem 0;padding:0}
.facts div{display:flex;flex-direction:column-reverse}
.facts dt{color:var(--soft);font-size:.9375rem}
.facts dd{margin:0;font:600 1.6rem/1.2 var(--serif)}
.pair{display:grid;gap:0 2.5rem;grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr))}
.plain{padding-inline-start:1.2rem;margin-block:.35rem}
.note{background:var(--wash);padding:.9rem 1.2rem;border-radius:4px}
.sum{font-weight:600}
.bad{color:var(--warn);font-weight:600}
details{margin-block:1rem}
summary{cursor:pointer;padding-block:.35rem;color:var(--link)}
.says{font-size:1.1875rem;line-height:1.55}
.when{margin-block:-.35rem 1.1rem;color:var(--soft)}
.plain>li{padding-block:.2rem}
.steps{padding-inline-start:1.6rem}
.steps li{padding-block:.3rem}
pre{background:var(--wash);padding:.6rem .9rem;border-radius:4px;white-space:pre-wrap;overflow-wrap:anywhere;
margin:.35rem 0;line-height:1.5;max-inline-size:46rem}
svg .tie{stroke:var(--edge);stroke-width:1.5}
svg .tie.many{stroke-width:3}
svg .shared{fill:var(--warn)}
svg text.halo{stroke:var(--paper);stroke-width:3;paint-order:stroke}
"""
