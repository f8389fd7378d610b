/** Names of the data sets, in their own module so that the command line need not load their readers. */
export const DATASET_NAMES = ['cifar10', 'mnist'] as const;
export type DatasetName = (typeof DATASET_NAMES)[number];

export const SPLIT_NAMES = ['train', 'valid', 'test'] as const;
export type SplitName = (typeof SPLIT_NAMES)[number];
