import { Menu } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Session } from '../../../schemas/access/sessions.ts'
import { useLogOut } from '../../shared/api/session.ts'
import { roleWords } from '../../shared/format/words.ts'
import { AccountMenu } from '../../shared/frame/account-menu.tsx'

/** The account of somebody at the DNO's server, with the way to it. */
export function PortalAccountMenu({ session: { fullName, roles } }: { session: Session }) {
  const logOut = useLogOut()
  const words = roles.map((role) => roleWords[role]).join(', ')
  return (
    <AccountMenu fullName={fullName} roles={words} onLogOut={() => logOut.mutate()}>
      <Menu.Item component={Link} to="/account">
        Your account
      </Menu.Item>
      <Menu.Item component="a" href="/docs" target="_blank">
        API reference
      </Menu.Item>
    </AccountMenu>
  )
}
