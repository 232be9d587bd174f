import type { Command } from 'commander'

/** Commands by name. Each is loaded when it is asked for: to decode a frame one need not wait for a server to load. */
export const commands: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./start.ts')).startCommand(),
  serve: async () => (await import('./serve.ts')).serveCommand(),
  gateway: async () => (await import('./gateway.ts')).gatewayCommand(),
  fsp: async () => (await import('./fsp.ts')).fspCommand(),
  'fsp-check': async () => (await import('./fsp-check.ts')).fspCheckCommand(),
  simulate: async () => (await import('./simulate.ts')).simulateCommand(),
  day: async () => (await import('./day/command.ts')).dayCommand(),
  'sim-depot': async () => (await import('./sim-depot/command.ts')).simDepotCommand(),
  sim: async () => (await import('./sim/command.ts')).simCommand(),
  settle: async () => (await import('./settle.ts')).settleCommand(),
  'verify-audit': async () => (await import('./verify-audit.ts')).verifyAuditCommand(),
  backup: async () => (await import('./backup.ts')).backupCommand(),
  restore: async () => (await import('./backup.ts')).restoreCommand(),
  distribute: async () => (await import('./distribute.ts')).distributeCommand(),
  'rotate-sealing-key': async () => (await import('./rotate-sealing-key.ts')).rotateSealingKeyCommand(),
  'rotate-signing-key': async () => (await import('./rotate-signing-key.ts')).rotateSigningKeyCommand(),
  config: async () => (await import('./configuration/command.ts')).configCommand(commands),
  smoke: async () => (await import('./smoke.ts')).smokeCommand(),
  dnp3: async () => (await import('./dnp3/index.ts')).dnp3Command(),
}
