import { testsIn } from './suite.js';

testsIn('22');
