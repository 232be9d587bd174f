import type { DepotSession } from '../../../schemas/fsp/depot-access.ts'
import { AccountMenu } from '../../shared/frame/account-menu.tsx'
import { useLogOut } from '../session.ts'
import { roleWords } from '../words.ts'

/** The account of one of an FSP's people. */
export function DepotAccountMenu({ session: { fullName, role, company } }: { session: DepotSession }) {
  const logOut = useLogOut()
  return <AccountMenu fullName={fullName} roles={`${roleWords[role]}, ${company}`} onLogOut={() => logOut.mutate()} />
}
