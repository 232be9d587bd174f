import { Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { Session } from '../../../schemas/access/sessions.ts'
import { roleWords } from '../../shared/format/words.ts'
import { AccountButton } from '../../shared/frame/account-button.tsx'
import styles from '../../shared/frame/top-bar.module.css'
import { useLogOut } from '../session.ts'

/** The menu of the account, open at first. */
export function AccountMenu({ session }: { session: Session }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const logOut = useLogOut()
  return (
    <Menu defaultOpened position="bottom-end" width={240}>
      <Menu.Target>
        <AccountButton fullName={session.fullName} />
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong>{session.fullName}</strong>
          <span>{session.roles.map((role) => roleWords[role]).join(', ')}</span>
        </div>
        <Menu.Divider />
        <div className={styles.who}>
          <SegmentedControl
            size="xs"
            fullWidth
            aria-label="Colours"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as 'auto' | 'light' | 'dark')}
            data={[
              { value: 'auto', label: 'System' },
              { value: 'light', label: 'Light' },
              { value: 'dark', label: 'Dark' },
            ]}
          />
        </div>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account">
          Your account
        </Menu.Item>
        <Menu.Item component="a" href="/docs" target="_blank">
          API reference
        </Menu.Item>
        <Menu.Item onClick={() => logOut.mutate()}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
