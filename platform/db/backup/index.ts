export type { BackupManifest } from './manifest.ts'
export { restoreBackup } from './restore.ts'
export { takeBackup } from './take.ts'
