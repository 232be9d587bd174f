/** What the simulated way over the air is like: assumed, since the trial names cellular reliability without a figure (report 3.2.1.1). */
export const overTheAir = { latencyMs: 400, lossShare: 0.01 }
