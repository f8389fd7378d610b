import { testsIn } from './suite.js';

testsIn('20');
