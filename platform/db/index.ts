export { isReachable, postgresUser, sharedFolder } from './binaries.ts'
export { type Cluster, startCluster } from './cluster.ts'
export { instant, localDate, toInstant } from './columns.ts'
export { clientOf, copyField, copyInto } from './copy.ts'
export {
  createDatabase,
  type Database,
  dropDatabase,
  type MigrationSet,
  migrateDatabase,
  type OpenDatabase,
  openDatabase,
  type Queryable,
  urlOfDatabase,
} from './database.ts'
export { dropPartitions, makePartitions, type PartitionedTable } from './partitions.ts'
export { executePrepared, unfolded } from './prepared.ts'
