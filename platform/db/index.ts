export { type BackupManifest, restoreBackup, takeBackup } from './backup/index.ts'
export { isReachable, postgresUser, sharedFolder } from './binaries.ts'
export { type Cluster, startCluster } from './cluster.ts'
export { instant, localDate, optionsOf, toInstant } from './columns.ts'
export { clientOf, copyField, copyInto } from './copy.ts'
export {
  createDatabase,
  type Database,
  type DatabaseOptions,
  dropDatabase,
  lazyDatabase,
  type OpenDatabase,
  openDatabase,
  type Queryable,
  urlOfDatabase,
} from './database.ts'
export {
  claimEnvironment,
  type Environment,
  environmentOf,
  hasTable,
  installation,
  requireEnvironment,
} from './environment.ts'
export { type MigrationSet, migrateDatabase } from './migrate.ts'
export { dropPartitions, makePartitions, type PartitionedTable } from './partitions.ts'
export { type OpenPools, openPools } from './pools.ts'
export { executePrepared, idArray, idList, unfolded } from './prepared.ts'
export { databaseFault } from './readiness.ts'
export { runtimeRole } from './roles.ts'
export { sentStatements } from './statements.ts'
