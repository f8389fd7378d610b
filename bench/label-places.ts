/** A place for a label: where its text begins and its baseline lies. */
export interface Place {
  x: number;
  y: number;
}

/** A mark of a drawing with what is to be written beside it. */
export interface Labelled {
  x: number;
  y: number;
  label: string;
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Of a sans-serif of 11 pixels, about. */
const CHARACTER_WIDTH = 5.7;
const LINE_HEIGHT = 11;
const MARK_RADIUS = 5;

/** A place for each mark's label: above to the right of it or, where that would cover a mark or an earlier label, elsewhere. */
export function placeLabels(marks: readonly Labelled[]): Place[] {
  const taken = marks.map(({ x, y }) => boxOf(x - MARK_RADIUS, y - MARK_RADIUS, 2 * MARK_RADIUS, 2 * MARK_RADIUS));
  return marks.map(({ x, y, label }) => {
    const width = label.length * CHARACTER_WIDTH;
    const [right, left] = [x + 6, x - 6 - width];
    const places = [
      { x: right, y: y - 6 },
      { x: left, y: y + 15 },
      { x: right, y: y + 15 },
      { x: left, y: y - 6 },
      { x: right + 4, y: y + 4 },
      { x: right, y: y - 18 },
      { x: left, y: y + 27 },
    ];
    const box = (place: Place): Box => boxOf(place.x, place.y - LINE_HEIGHT + 2, width, LINE_HEIGHT);
    const place = places.find((candidate) => !taken.some((other) => overlap(box(candidate), other)));
    const chosen = place ?? { x: right, y: y - 6 };
    taken.push(box(chosen));
    return chosen;
  });
}

function boxOf(left: number, top: number, width: number, height: number): Box {
  return { left, right: left + width, top, bottom: top + height };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
