import { LEVELS, hexColour } from '../../heat-map/palette.js';

const STOPS = 16;

/** Gradient stops of the heat map palette. */
const scale = Array.from({ length: STOPS + 1 }, (_, stop) => hexColour(Math.round(((LEVELS - 1) * stop) / STOPS)));

/** The style sheet of the page: light or dark and the fonts as the reader's system is set. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfd; --card: #fff; --text: #1d1f27; --soft: #5d6275; --line: #d9dce6; --accent: #8f1d5c; --bar: #b8487f; --stripe: #f4f5f9;
}
@media (prefers-color-scheme: dark) {
  :root { --page: #14151b; --card: #1c1e26; --text: #e7e8ee; --soft: #a0a5b8; --line: #343846; --accent: #f29ac4; --bar: #c9618f; --stripe: #20232d; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1400px; margin: 0 auto; padding: 24px 24px 64px; }
h1 { font-size: 26px; margin: 8px 0 4px; }
h2 { font-size: 19px; margin: 40px 0 12px; }
h3 { font-size: 16px; margin: 0 0 4px; overflow-wrap: anywhere; }
p { margin: 4px 0; max-width: 90ch; }
.soft, figcaption { color: var(--soft); }
a { color: var(--accent); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
.scroll.more-right { mask-image: linear-gradient(to left, transparent, #000 56px); }
.more { font-size: 13px; font-weight: 600; }
th, td { padding: 5px 10px; text-align: right; white-space: nowrap; }
th.text, td.text { text-align: left; }
tbody th { font-weight: normal; max-width: 34ch; overflow: hidden; text-overflow: ellipsis; position: sticky; left: 0; background: var(--card); }
tbody tr:nth-child(even), tbody tr:nth-child(even) th { background: var(--stripe); }
tfoot th, thead th:first-child { position: sticky; left: 0; background: var(--card); }
tbody tr:first-child th { box-shadow: inset 0 1px var(--line); }
thead th { border-bottom: 1px solid var(--line); vertical-align: bottom; }
.sortable thead th { padding: 0; }
.fitting { width: fit-content; max-width: 100%; margin-top: 10px; }
thead th.text { text-align: left; }
thead button { all: unset; cursor: pointer; padding: 7px 10px; font-weight: 600; }
thead button:hover { color: var(--accent); }
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
thead button::after { content: ' ↕'; opacity: .35; }
thead [aria-sort=ascending] button::after { content: ' ↑'; opacity: 1; }
thead [aria-sort=descending] button::after { content: ' ↓'; opacity: 1; }
tfoot td, tfoot th { border-top: 1px solid var(--line); font-weight: 600; }
small { color: var(--soft); font-size: inherit; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.plots { display: flex; flex-wrap: wrap; gap: 16px; }
.plots figure { flex: 1 1 380px; max-width: 640px; margin: 0; padding: 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.plot { display: block; width: 100%; height: auto; font-size: 11px; }
.plot text { fill: var(--soft); }
.plot line { stroke: var(--line); }
.plot .bins { fill: var(--bar); }
article { margin: 0 0 20px; padding: 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--card); }
.pair { margin: 10px 0 0; }
.panes figure { margin: 0; min-width: 0; }
.panes { display: grid; grid-template-columns: 1fr 1fr; gap: 10px; }
.pane { position: relative; overflow: hidden; border-radius: 4px; background: repeating-conic-gradient(#8883 0 25%, #8881 0 50%) 0 0 / 16px 16px; }
.pane.zoomed { cursor: grab; touch-action: none; }
.pane.zoomed:active { cursor: grabbing; }
.pane img { display: block; width: 100%; height: auto; max-height: 72vh; object-fit: contain; transform-origin: 0 0; user-select: none; }
.pane img.small, .pane img.squares { image-rendering: pixelated; }
.controls { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 10px; margin-top: 8px; font-size: 13px; }
.controls button { font: inherit; min-width: 32px; padding: 3px 9px; border: 1px solid var(--line); border-radius: 5px; background: var(--page); color: inherit; cursor: pointer; }
.controls button:hover { border-color: var(--accent); }
.controls output { min-width: 4.5ch; }
.overlay { display: flex; align-items: center; gap: 8px; color: var(--soft); }
.overlay input { width: 120px; accent-color: var(--accent); }
.pane img.under { position: absolute; inset: 0; height: 100%; }
.pane img.under + img { position: relative; }
.scale { display: flex; align-items: center; gap: 8px; margin-left: auto; }
.scale span { width: 180px; height: 12px; border-radius: 3px; background: linear-gradient(to right, ${scale.join(', ')}); }
details { margin-top: 8px; font-size: 13.5px; }
details .plot { max-width: 560px; }
summary { cursor: pointer; color: var(--soft); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 8px 0 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 700px) {
  .panes { grid-template-columns: 1fr; }
  main { padding: 12px; }
  tbody th { max-width: 16ch; }
  th, td { padding: 5px 7px; }
  thead button { padding: 7px; }
}
@media print { .more { display: none; } .scroll.more-right { mask-image: none; } }
@media print { .controls button, .controls output, .controls .overlay { display: none; } article { break-inside: avoid; } }
`;
