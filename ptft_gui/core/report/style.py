"""How a report looks: light and dark as the reader's system is, and on paper."""

STYLE = """
:root{--ground:#f6f7f9;--surface:#fff;--border:#dfe3e9;--text:#1b1f27;--quiet:#566070;--accent:#3b5bdb;--held:#d9480f;
--good:43,138,62;--bad:179,92,0}
@media (prefers-color-scheme:dark){:root{--ground:#14171c;--surface:#1d2128;--border:#303743;--text:#e8eaed;
--quiet:#a3adbb;--accent:#91a7ff;--held:#ffa94d;--good:105,219,124;--bad:255,192,120}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:14px/1.5 system-ui,sans-serif}
main{max-width:880px;margin:0 auto;padding:32px 24px}
h1{font-size:24px;line-height:1.3;margin:0 0 8px;overflow-wrap:anywhere}
h2{font-size:18px;margin:0 0 16px}h3{font-size:14px;margin:24px 0 8px}
p{margin:0 0 8px}.quiet,figcaption,.tick,.name{color:var(--quiet);font-size:12px}
.headline{font-size:16px}.methods{margin-top:16px}
section{background:var(--surface);border:1px solid var(--border);border-radius:8px;padding:16px 24px 24px;margin:24px 0}
.figures{list-style:none;display:flex;flex-wrap:wrap;gap:8px 32px;padding:0;margin:16px 0}
.number{font-size:24px;font-weight:600;font-variant-numeric:tabular-nums}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:4px 16px 4px 0;
border-bottom:1px solid var(--border);overflow-wrap:anywhere}th[scope=row]{font-weight:500;min-width:120px}
thead th{color:var(--quiet);font-size:12px;font-weight:500}
.numbers td,.matrix td{font-variant-numeric:tabular-nums;white-space:nowrap}
.wide{overflow-x:auto}.matrix th,.matrix td{padding:4px 8px;border:1px solid var(--border)}.matrix td{text-align:right}
.matrix .right{background:rgba(var(--good),calc(var(--share)*.45))}
.matrix .wrong{background:rgba(var(--bad),calc(var(--share)*.6))}
details{margin-top:16px}summary{cursor:pointer;color:var(--accent)}details table{margin-top:8px}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--ground);border:1px solid var(--border);
border-radius:6px;padding:8px 16px;font-size:12px}
figure{margin:16px 0 0}svg{width:100%;height:auto;font-family:inherit}
svg text{fill:var(--quiet);font-size:11px}.grid{stroke:var(--border)}.axis{stroke:var(--quiet)}
.curve{fill:none;stroke-width:2;stroke-linejoin:round}.curve.training{stroke:var(--accent)}
.curve.held-out{stroke:var(--held)}.curve.faint{stroke:var(--accent);stroke-width:1;opacity:.35}
svg .end.training,svg .end.faint{fill:var(--accent)}svg .end.held-out{fill:var(--held)}
.level{stroke:var(--quiet);stroke-dasharray:6 4}.mark{fill:var(--surface);stroke:var(--held);stroke-width:2}
table+p,pre+table{margin-top:16px}footer{margin-top:24px}
@media (max-width:600px){main{padding:16px 8px}section{padding:16px}figure{overflow-x:auto}svg{min-width:600px}
th[scope=row]{min-width:0}.numbers td,.numbers th{padding-right:8px}
.stack thead{display:none}.stack tr{display:block;padding:8px 0;border-bottom:1px solid var(--border)}
.stack th,.stack td{display:block;border:0;padding:0}.stack td[data-head]::before{content:attr(data-head) ": ";
color:var(--quiet);font-size:12px}}
@media print{:root{--ground:#fff}section{border:none;padding:0}details::details-content{content-visibility:visible;
block-size:auto}summary{list-style:none;color:inherit;font-weight:600}tr,figure,pre{break-inside:avoid}
h2,h3,summary{break-after:avoid}.matrix td{print-color-adjust:exact;-webkit-print-color-adjust:exact}}
"""
