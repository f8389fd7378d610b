/** Left end and baseline of a label's text. */
export interface Place {
  x: number;
  y: number;
}

/** A plot mark with its label. */
export interface Labelled extends Place {
  label: string;
}

interface Rectangle {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** Approximate width of a character in a 12-pixel sans-serif font. */
const CHARACTER_WIDTH = 6.4;
const LINE_HEIGHT = 12;
const MARK_RADIUS = 5;

/**
 * Returns a position next to each mark for its label: above right, or the first alternative that stays within the
 * bounds and overlaps no mark, obstacle or earlier label.
 */
export function placeLabels(
  marks: readonly Labelled[],
  obstacles: readonly Place[],
  bounds: { right: number; top: number },
): Place[] {
  const taken = [...marks, ...obstacles].map(({ x, y }) =>
    rectangleOf(x - MARK_RADIUS, y - MARK_RADIUS, 2 * MARK_RADIUS, 2 * MARK_RADIUS),
  );
  return marks.map(({ x, y, label }) => {
    const width = label.length * CHARACTER_WIDTH;
    const [right, left] = [x + 7, x - 7 - width];
    const places = [
      { x: right, y: y - 5 },
      { x: right, y: y + 14 },
      { x: right + 2, y: y + 4 },
      { x: x - width / 2, y: y - 9 },
      { x: x - width / 2, y: y + 18 },
      { x: left, y: y - 5 },
      { x: left, y: y + 14 },
    ];
    const boxOf = (place: Place): Rectangle => rectangleOf(place.x, place.y - LINE_HEIGHT + 2, width, LINE_HEIGHT);
    const isFree = (box: Rectangle): boolean =>
      box.right <= bounds.right && box.top >= bounds.top && !taken.some((other) => overlap(box, other));
    const place = places.find((candidate) => isFree(boxOf(candidate))) ?? { x: right, y: y - 5 };
    taken.push(boxOf(place));
    return place;
  });
}

function rectangleOf(left: number, top: number, width: number, height: number): Rectangle {
  return { left, right: left + width, top, bottom: top + height };
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
