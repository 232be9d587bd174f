import { Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import type { DepotSession } from '../../../schemas/fsp/depot-access.ts'
import { AccountButton } from '../../shared/frame/account-button.tsx'
import styles from '../../shared/frame/top-bar.module.css'
import { useLogOut } from '../session.ts'
import { roleWords } from '../words.ts'

/** The menu of the account, open at first. */
export function AccountMenu({ session }: { session: DepotSession }) {
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
          <span>
            {roleWords[session.role]}, {session.company}
          </span>
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
        <Menu.Item onClick={() => logOut.mutate()}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
