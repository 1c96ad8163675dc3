/// The style of a report, beside the style of all pages: the colours of surprisal in light and
/// dark.
let reportStyle: StaticString = """
  :root {
    --s0: #ffffff; --s1: #fff4e0; --s2: #ffe3b8; --s3: #ffc98a; --s4: #fda860; --s5: #f07f3c;
    --s6: #cf4a1f; --s7: #8f1a12; --on-dark: #ffffff; --on-light: #1b1d21;
  }
  @media screen and (prefers-color-scheme: dark) {
    :root {
      --s0: #16181c; --s1: #2a2320; --s2: #40291f; --s3: #5c2f1c; --s4: #7f3a1a; --s5: #b04e1a;
      --s6: #e5813a; --s7: #ffc07a; --on-dark: #16181c; --on-light: #e7e9ec;
    }
  }
  .map {
    max-height: 34rem; overflow-y: auto; border: 1px solid var(--rule); padding: 0.5rem 0.75rem;
    font: 0.95rem/1.75 ui-monospace, monospace;
  }
  .map:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
  .map h4 { margin: 0.5rem 0; font-size: 1rem; }
  .line {
    margin: 0; padding-left: 3.5rem; max-width: none; white-space: pre-wrap; overflow-wrap: anywhere;
    content-visibility: auto; contain-intrinsic-size: auto 1.7rem;
  }
  .line b {
    float: left; margin-left: -3.5rem; width: 3rem; text-align: right; color: var(--quiet);
    font-weight: 400; font-size: 0.8rem; user-select: none;
  }
  .map i, .legend i {
    font-style: normal; border-radius: 2px; print-color-adjust: exact;
    -webkit-print-color-adjust: exact;
  }
  .legend i { padding: 0.1rem 0.4rem; border: 1px solid var(--rule); white-space: nowrap; line-height: 2; }
  .s0 { background: var(--s0); color: var(--on-light); }
  .s1 { background: var(--s1); color: var(--on-light); }
  .s2 { background: var(--s2); color: var(--on-light); }
  .s3 { background: var(--s3); color: var(--on-light); }
  .s4 { background: var(--s4); color: var(--on-light); }
  .s5 { background: var(--s5); color: #000000; }
  .s6 { background: var(--s6); color: var(--on-dark); }
  .s7 { background: var(--s7); color: var(--on-dark); }
  @media screen and (prefers-color-scheme: dark) { .s5 { color: #ffffff; } }
  .none { color: var(--quiet); }
  .unknown { text-decoration: underline dotted 2px; text-underline-offset: 3px; }
  .zero { text-decoration: line-through 2px; }
  .map i[id] { outline: 2px solid var(--accent); }
  .fade1 .s0, .fade2 .s0, .fade2 .s1, .fade3 .s0, .fade3 .s1, .fade3 .s2,
  .fade4 .s0, .fade4 .s1, .fade4 .s2, .fade4 .s3,
  .fade5 .s0, .fade5 .s1, .fade5 .s2, .fade5 .s3, .fade5 .s4,
  .fade6 .s0, .fade6 .s1, .fade6 .s2, .fade6 .s3, .fade6 .s4, .fade6 .s5,
  .fade7 .s0, .fade7 .s1, .fade7 .s2, .fade7 .s3, .fade7 .s4, .fade7 .s5, .fade7 .s6 { opacity: 0.25; }
  .panel {
    position: sticky; bottom: 0; min-height: 4rem; max-height: 40vh; overflow-y: auto; border: 1px solid var(--rule); border-top: 0;
    background: var(--shade); padding: 0.5rem 0.75rem;
  }
  .panel p { margin: 0 0 0.25rem; max-width: none; overflow-wrap: anywhere; }
  .panel ol { margin: 0; padding-left: 1.5rem; columns: 16rem; max-width: none; font-size: 0.92rem; }
  .panel .bar, td .bar { display: inline-block; height: 0.6rem; background: var(--accent); }
  td .bar { display: block; margin-top: 0.15rem; height: 0.35rem; }
  td:has(.bar) { min-width: 8rem; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  #tools { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; align-items: center; margin: 0.75rem 0; }
  #tools label { display: flex; gap: 0.5rem; align-items: center; }
  select { font: inherit; max-width: 22rem; }
  svg .column { fill: var(--accent); }
  @media print {
    .map { max-height: none; overflow: visible; font-size: 8.5pt; }
    .panel, #tools { display: none; }
    .line { content-visibility: visible; }
  }
  @media (max-width: 36rem) {
    .line { padding-left: 2.2rem; }
    .line b { margin-left: -2.2rem; width: 1.9rem; }
    .panel ol { columns: 1; }
  }
  """
