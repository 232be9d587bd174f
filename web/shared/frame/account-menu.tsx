import { Menu, SegmentedControl, useMantineColorScheme } from '@mantine/core'
import type { ReactNode } from 'react'
import { AccountButton } from './account-button.tsx'
import styles from './top-bar.module.css'

interface AccountMenuProps {
  fullName: string
  /** What the person may do here, in words. */
  roles: string
  /** What a face adds before the way out. */
  children?: ReactNode
  onLogOut: () => void
}

/** The menu of the account, open at first. */
export function AccountMenu({ fullName, roles, children, onLogOut }: AccountMenuProps) {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  return (
    <Menu defaultOpened position="bottom-end" width={240}>
      <Menu.Target>
        <AccountButton fullName={fullName} />
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <strong>{fullName}</strong>
          <span>{roles}</span>
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
        {children}
        <Menu.Item onClick={onLogOut}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
