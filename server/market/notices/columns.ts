import type { NoticeTargetForm } from '../../../schemas/market/notices.ts'
import type { ServerContext } from '../../kit/index.ts'
import { type FspNoticeTargetRow, sealedNoticeKeys } from './tables.ts'

type Stated = Pick<FspNoticeTargetRow, 'name' | 'kind' | 'address' | 'active'> & { sealedKey?: string | null }

/** The columns that a form states, its key sealed; without a key that column is left out, so that the present one stays. */
export function columnsOf(context: ServerContext, targetId: string, { key, ...rest }: NoticeTargetForm): Stated {
  // Mails are not signed.
  if (rest.kind === 'email') return { ...rest, sealedKey: null }
  return key === undefined ? rest : { ...rest, sealedKey: context.secrets.seal(key, sealedNoticeKeys.use(targetId)) }
}

/** The part of a form that goes into the audit trail: everything except the key. */
export function auditedOf({ key: _, ...rest }: NoticeTargetForm): Record<string, unknown> {
  return rest
}
