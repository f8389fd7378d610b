/** The data sets that there are; apart from what reads them, which is heavy. */
export const DATASET_NAMES = ['cifar10', 'mnist'] as const;
export type DatasetName = (typeof DATASET_NAMES)[number];
