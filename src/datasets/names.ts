/** The data sets that there are; apart from what reads them, which is heavy. */
export const DATASET_NAMES = ['cifar10', 'mnist'] as const;
export type DatasetName = (typeof DATASET_NAMES)[number];

export const SPLIT_NAMES = ['train', 'valid', 'test'] as const;
export type SplitName = (typeof SPLIT_NAMES)[number];
