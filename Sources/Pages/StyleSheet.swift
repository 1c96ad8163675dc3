/// The style of all pages: system fonts, light or dark as the reader's system is, light on paper.
///
/// Widths follow the screen; wider tables and plots scroll in a frame.
let styleSheet: StaticString = """
  :root {
    color-scheme: light dark;
    --paper: #ffffff; --ink: #1b1d21; --quiet: #565b64; --rule: #c9cdd4; --shade: #f3f4f6;
    --accent: #0a58a8; --caution: #8a4b00;
    --k0: #0a58a8; --k1: #a8480a; --k2: #1f7a43; --k3: #8a2f86; --k4: #6b5d00; --k5: #b0243d;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root {
      --paper: #16181c; --ink: #e7e9ec; --quiet: #a9afb9; --rule: #434852; --shade: #20242a;
      --accent: #82bcff; --caution: #f0b465;
      --k0: #82bcff; --k1: #f5a56b; --k2: #7fd49a; --k3: #e3a0df; --k4: #d8c75a; --k5: #ff9aa8;
    }
  }
  * { box-sizing: border-box; }
  body {
    margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 64rem;
    background: var(--paper); color: var(--ink);
    font: 1rem/1.5 system-ui, sans-serif;
  }
  h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 0.75rem; }
  h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.25rem 0 0.5rem; }
  p, ul { max-width: 44rem; }
  .lead { font-size: 1.1rem; }
  .quiet, figcaption .quiet { color: var(--quiet); font-size: 0.9rem; }
  code, .excerpt { font-family: ui-monospace, monospace; font-size: 0.92em; }
  h1, h2, li, dd, caption, tbody th, .lead, .excerpt { overflow-wrap: anywhere; }
  .caution {
    border: 1px solid var(--rule); border-left: 0.4rem solid var(--caution);
    background: var(--shade); padding: 0.25rem 1rem; margin: 1.5rem 0;
  }
  .caution h2 { margin-top: 0.5rem; }
  .frame { overflow-x: auto; margin: 1rem 0; }
  .frame:focus-visible, summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
  caption, figcaption { text-align: left; font-weight: 600; padding: 0.25rem 0; }
  figcaption .quiet { font-weight: 400; }
  th, td { padding: 0.3rem 0.7rem; text-align: left; vertical-align: top; }
  thead th { border-bottom: 2px solid var(--ink); vertical-align: bottom; }
  tbody th, tbody td { border-bottom: 1px solid var(--rule); }
  tbody th { font-weight: 600; min-width: 10rem; }
  th.number, td.number { text-align: right; }
  td.number { white-space: nowrap; }
  figure { margin: 1.5rem 0; }
  svg { display: block; width: 100%; min-width: 34rem; max-width: 48rem; height: auto; }
  svg text { fill: var(--ink); font: 13px system-ui, sans-serif; unicode-bidi: isolate; }
  svg .quiet { fill: var(--quiet); font-size: 12px; }
  svg .grid { stroke: var(--rule); stroke-width: 1; }
  svg .reference { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 3; }
  svg .interval { stroke: var(--accent); stroke-width: 3; }
  svg .open { fill: var(--accent); }
  svg .clear { fill: var(--accent); stroke: var(--accent); stroke-width: 2; }
  svg .unclear { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
  .k0 { --hue: var(--k0); } .k1 { --hue: var(--k1); } .k2 { --hue: var(--k2); }
  .k3 { --hue: var(--k3); } .k4 { --hue: var(--k4); } .k5 { --hue: var(--k5); }
  svg .curve path, svg .curve line { fill: none; stroke: var(--hue, var(--quiet)); stroke-width: 2; }
  svg .curve .broken { stroke-dasharray: 6 4; }
  svg .curve .mark, svg .curve .edge { fill: var(--hue); stroke: var(--paper); stroke-width: 1; }
  svg .curve .whisker { stroke-width: 1.25; }
  svg .curve .leader { stroke-width: 0.75; stroke-dasharray: 2 2; }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.15rem 1rem; }
  dt { color: var(--quiet); }
  dd { margin: 0; }
  footer { border-top: 1px solid var(--rule); margin-top: 3rem; }
  @media (max-width: 36rem) {
    dl { grid-template-columns: 1fr; }
    dd { margin-bottom: 0.5rem; }
  }
  @media print {
    html { font-size: 10pt; }
    body { max-width: none; padding: 0; }
    .frame { overflow: visible; }
    table { font-size: 8.5pt; }
    th, td { padding: 0.2rem 0.4rem; }
    tbody th { min-width: 7rem; }
    .caution, figure, tr { break-inside: avoid; }
    h2, caption { break-after: avoid; }
    svg { min-width: 0; }
  }
  """
