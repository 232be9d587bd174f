import { sealedSigningKeys } from '../../platform/oauth/index.ts'
import { sealedChannelKey } from '../alarms/index.ts'
import { sealedFeedSecret } from '../feeds/index.ts'
import { sealedDnoSecret, sealedOwnKey } from '../flexibility/index.ts'
import { sealedMonitorSecret } from '../monitors/index.ts'
import { sealedDriverPerson } from '../vans/index.ts'

/** Every column of sealed secrets in an FSP’s database. */
export const fspSealedColumns = [
  sealedSigningKeys,
  sealedDnoSecret,
  sealedOwnKey,
  sealedMonitorSecret,
  sealedFeedSecret,
  sealedChannelKey,
  sealedDriverPerson,
]
