import type { Depth } from '../samples.js';

/** A tensor's name and shape; sizes in elements (f32). */
export interface TensorShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** An architecture, as the rest of the program sees it. */
export interface Architecture<S extends { readonly architecture: string }> {
  readonly name: S['architecture'];
  /**
   * Validates a spec and returns it with its fields in canonical order. Throws `model-invalid` if a field is missing or
   * out of range.
   */
  checkedSpec(json: Record<string, unknown>): S;
  /** Returns the tensors in canonical order: that of the model id and of the engine. */
  shapes(spec: S): TensorShape[];
  macsPerPixel(spec: S): number;
  /** Returns the supported sample depths. */
  depths(spec: S): readonly Depth[];
  /** Whether the architecture uses side information of a tile: active alphabets and known pixels. */
  readonly usesSideInformation: boolean;
  /**
   * The number of the architecture in `assembly/models/model.ts`, and the fields of a spec for the engine: at most 16
   * i32.
   */
  readonly engineCode: number;
  engineSpec(spec: S): number[];
}
