#!/usr/bin/env node
import { commandLine } from '../dist/cli/command-line.js';
import { main } from '../dist/cli/main.js';

process.exitCode = await main(commandLine());
