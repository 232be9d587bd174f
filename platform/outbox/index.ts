export {
  type Destination,
  noticeColumns,
  type Outbox,
  type OutboxContext,
  type OutboxOptions,
  outbox,
} from './outbox.ts'
export { type Leased, type RowLease, rowLease } from './row-lease.ts'
