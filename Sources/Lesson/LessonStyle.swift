/// The style of the lesson's page, beside the style of all pages.
let lessonStyle: StaticString = """
  :root { --second: #a3480f; --third: #4c6a00; --fourth: #7a3aa0; --fifth: #666b74; --right: #1d6b2f; }
  @media screen and (prefers-color-scheme: dark) {
    :root { --second: #ff9d5c; --third: #b4d455; --fourth: #d3a2f5; --fifth: #9aa1ac; --right: #7fd694; }
  }
  html:not(.live) .live-only { display: none; }
  nav ol { columns: 18rem auto; padding-left: 1.5rem; }
  a { color: var(--accent); }
  h2 { border-top: 1px solid var(--rule); padding-top: 1.25rem; }
  h3 { font-size: 1.05rem; margin: 0 0 0.4rem; }
  .lab { display: grid; grid-template-columns: minmax(0, 26rem) minmax(0, 1fr); gap: 1rem 2rem; }
  .plot { margin: 0.5rem 0; max-width: 32rem; }
  .plot svg { min-width: 0; max-width: 32rem; }
  .curve { fill: none; stroke-width: 2.5; }
  .curve-0 { stroke: var(--accent); fill: var(--accent); }
  .curve-1 { stroke: var(--second); fill: var(--second); stroke-dasharray: 8 3; }
  .curve-2 { stroke: var(--third); fill: var(--third); stroke-dasharray: 2 3; }
  .curve-3 { stroke: var(--fourth); fill: var(--fourth); stroke-dasharray: 10 3 2 3; }
  .curve-4 { stroke: var(--fifth); fill: var(--fifth); stroke-dasharray: 4 4; }
  path.curve { fill: none; }
  .marker, .point, .arrow { stroke-dasharray: none; }
  .marker { stroke: var(--paper); stroke-width: 2; }
  .legend { list-style: none; padding: 0; margin: 0.25rem 0; font-size: 0.9rem; }
  .legend li { display: flex; align-items: center; gap: 0.5rem; }
  .legend svg { width: 36px; flex: none; }
  .control { margin: 0.75rem 0; display: grid; grid-template-columns: 1fr auto; gap: 0 1rem; max-width: 30rem; }
  .control input { grid-column: 1 / -1; width: 100%; min-height: 1.75rem; }
  .control label { font-weight: 600; }
  .control output { grid-row: 1; grid-column: 2; font-variant-numeric: tabular-nums; }
  input[type="range"] { accent-color: var(--accent); margin: 0; }
  .results { margin: 0.75rem 0; max-width: 30rem; grid-template-columns: 1fr auto; }
  .results dd { font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; margin: 0; }
  .bars-lab { grid-template-columns: repeat(2, minmax(0, 1fr)); max-width: 40rem; }
  .bars { display: flex; gap: 0.75rem; border: 1px solid var(--rule); padding: 0.5rem 0.75rem; margin: 0; min-width: 0; }
  .bars legend { font-weight: 600; padding: 0 0.25rem; }
  .bar { flex: 1; min-width: 0; text-align: center; }
  .bar input, .bar output, .bar label { display: block; width: 100%; }
  .bar output { font-variant-numeric: tabular-nums; }
  .well { height: 9rem; display: flex; align-items: flex-end; background: var(--shade); border: 1px solid var(--rule); margin-bottom: 0.25rem; }
  .live .well { cursor: ns-resize; touch-action: none; }
  .fill { width: 100%; background: var(--accent); }
  .bars-q .fill { background: var(--second); }
  .stack { display: flex; height: 1.6rem; max-width: 40rem; margin: 0.75rem 0; background: var(--shade); border: 1px solid var(--rule); font-size: 0.8rem; overflow: hidden; }
  .stack div { color: var(--paper); overflow: hidden; white-space: nowrap; padding: 0.1rem 0; text-indent: 0.3rem; }
  .stack .entropy { background: var(--accent); }
  .stack .divergence { background: var(--second); }
  .note { min-height: 1.5em; color: var(--caution); font-weight: 600; }
  .cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
  .card { border: 1px solid var(--rule); background: var(--shade); padding: 0.75rem; min-width: 0; overflow-wrap: anywhere; }
  .card p { margin: 0 0 0.5rem; }
  .samples { margin: 0; padding-left: 1.1rem; font-size: 0.92rem; }
  .samples li { margin-bottom: 0.4rem; }
  .frame caption { max-width: calc(100vw - 2rem); }
  .frame thead th { min-width: 5.5rem; }
  .frame tbody th.number { min-width: 0; }
  .token { font-family: ui-monospace, monospace; background: var(--shade); border: 1px solid var(--rule); padding: 0 0.25rem; }
  button { font: inherit; padding: 0.3rem 0.9rem; min-height: 2.2rem; color: var(--paper); background: var(--accent); border: 0; border-radius: 0.3rem; cursor: pointer; }
  button:focus-visible, input:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .chips { font-family: ui-monospace, monospace; line-height: 1.9; max-width: 48rem; overflow-wrap: anywhere; }
  .chip { padding: 0.15rem 0.05rem; }
  .heat-0 { background: transparent; }
  .heat-1 { background: color-mix(in srgb, var(--accent) 12%, transparent); }
  .heat-2 { background: color-mix(in srgb, var(--accent) 24%, transparent); }
  .heat-3 { background: color-mix(in srgb, var(--accent) 38%, transparent); }
  .heat-4 { background: color-mix(in srgb, var(--accent) 45%, transparent); }
  .heat-5 { background: color-mix(in srgb, var(--accent) 100%, transparent); color: var(--paper); }
  .ahead { opacity: 0.35; }
  .exercises { padding-left: 1.5rem; max-width: 44rem; }
  .exercises > li { margin-bottom: 1.75rem; }
  .answer { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; }
  .answer label { flex-basis: 100%; }
  .answer input { font: inherit; padding: 0.3rem 0.5rem; min-height: 2.2rem; color: var(--ink); background: var(--paper); border: 1px solid var(--quiet); border-radius: 0.3rem; }
  .feedback { min-height: 1.5em; margin: 0.4rem 0; }
  .feedback.right { color: var(--right); font-weight: 600; }
  .feedback.wrong { color: var(--caution); }
  .feedback.unread { color: var(--quiet); }
  summary { cursor: pointer; color: var(--accent); }
  @media (max-width: 44rem) {
    .lab { grid-template-columns: minmax(0, 1fr); }
    .results { grid-template-columns: 1fr auto; }
    .results dd { margin: 0; }
  }
  @media (max-width: 30rem) {
    .bars { padding: 0.5rem; gap: 0.5rem; }
  }
  @media print { .live-only { display: none; } }
  """
