import { type CoefficientsPart, decodeCoefficientsPayload, hasCoefficients } from './coefficients-payload.js';
import { decodePlanesPayload, type PlanesPart } from './planes-payload.js';

/** A part that is coded as what its samples were computed from. */
export type OriginPart = PlanesPart | CoefficientsPart;

/**
 * Parses the payload of a part of the representation `planes`.
 * @throws PixrnnError 'file-corrupt'
 */
export function decodeOriginPayload(payload: Uint8Array): OriginPart {
  return hasCoefficients(payload) ? decodeCoefficientsPayload(payload) : decodePlanesPayload(payload);
}
