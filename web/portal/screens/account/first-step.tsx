import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { AccountNeed } from '../../../../schemas/access/own-account.ts'
import { useLogOut } from '../../../shared/api/session.ts'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { ownAccountQuery } from '../../account-queries.ts'
import styles from './account.module.css'
import { PasswordForm } from './password-form.tsx'
import { SecondFactorSetup } from './second-factor-setup.tsx'

const words: Record<AccountNeed, { title: string; why: string }> = {
  'password-change': {
    title: 'Choose your own password',
    why: 'The person who gave you this password knows it too. Choose one that only you know.',
  },
  'second-factor': {
    title: 'Set up a second factor',
    why: 'A password alone is not enough here: you also need a code from an authenticator app on your phone.',
  },
}

/** What an account needs before its person may do anything else. It stands in place of every screen until it is done. */
export function FirstStep({ need, onDone }: { need: AccountNeed; onDone: () => void }) {
  const query = useQuery(ownAccountQuery)
  const logOut = useLogOut()
  const { title, why } = words[need]
  return (
    <div className={styles.first}>
      <Page title={title} subtitle={why} actions={<Button onClick={() => logOut.mutate()}>Log out</Button>}>
        <Section>
          <Loaded query={query}>
            {({ secondFactorSince }) =>
              need === 'password-change' ? (
                <PasswordForm needsCode={secondFactorSince !== null} onDone={onDone} />
              ) : (
                <SecondFactorSetup replaces={secondFactorSince !== null} onDone={onDone} />
              )
            }
          </Loaded>
        </Section>
      </Page>
    </div>
  )
}
