import { Menu } from '@mantine/core'
import type { Session } from '../../../schemas/access/sessions.ts'
import { useLogOut } from '../../shared/api/session.ts'
import { AccountMenu } from '../../shared/frame/account-menu.tsx'

/** The account of one of a customer's people. Password and sessions are in the DNO's portal, as everybody's are. */
export function CustomerAccountMenu({ session: { fullName } }: { session: Session }) {
  const logOut = useLogOut()
  return (
    <AccountMenu fullName={fullName} roles="customer" onLogOut={() => logOut.mutate()}>
      <Menu.Item component="a" href="/account">
        Your account
      </Menu.Item>
    </AccountMenu>
  )
}
