import { parentPort, workerData } from 'node:worker_threads';
import { simulate, type Task } from './year-simulation.ts';

parentPort?.postMessage(simulate(workerData as Task));
