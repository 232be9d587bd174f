import { sealedSigningKeys } from '../../platform/oauth/index.ts'
import type { SealedColumn } from '../../platform/secrets/index.ts'
import { sealedTotpPending, sealedTotps } from '../access/index.ts'
import { sealedTargetKeys } from '../grid/index.ts'
import { sealedControlSecrets, sealedNoticeKeys } from '../market/index.ts'

/** Every column of sealed secrets in the server's database: at each start they are sealed with the newest key. */
export const sealedColumns: readonly SealedColumn[] = [
  sealedSigningKeys,
  sealedTotps,
  sealedTotpPending,
  sealedTargetKeys,
  sealedControlSecrets,
  sealedNoticeKeys,
]
