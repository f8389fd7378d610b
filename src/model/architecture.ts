import type { Depth } from '../samples.js';

/** A tensor by name; sizes in elements (f32). */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What the rest of the program must know of an architecture. */
export interface Architecture<S extends { readonly architecture: string }> {
  readonly name: S['architecture'];
  /** Throws `model-invalid` where a field is missing or out of bounds; the result has its fields in canonical order. */
  checkedSpec(json: Record<string, unknown>): S;
  /** Tensors in canonical order: that of the model id and of the engine. */
  shapes(spec: S): TensorShape[];
  macsPerPixel(spec: S): number;
  /** Depths of samples that it codes. */
  depths(spec: S): readonly Depth[];
  /** Whether it makes use of what is known of a tile: which values occur, and pixels. */
  readonly usesSideInformation: boolean;
  /** The architecture's number in `assembly/models/model.ts`, and what of a spec the engine reads: at most 16 i32. */
  readonly engineCode: number;
  engineSpec(spec: S): number[];
}
