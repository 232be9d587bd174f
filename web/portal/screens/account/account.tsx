import { useQuery } from '@tanstack/react-query'
import { useSession } from '../../../shared/api/session.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { roleWords } from '../../../shared/format/words.ts'
import { ownAccountQuery } from '../../account-queries.ts'
import { PasswordForm } from './password-form.tsx'
import { SecondFactor } from './second-factor.tsx'
import { OwnSessions } from './sessions.tsx'

/** One’s own account: who one is here, password, second factor and sessions. */
export function Account() {
  const session = useSession()
  const query = useQuery(ownAccountQuery)
  return (
    <Page title="Your account">
      <Loaded query={query}>
        {(account) => (
          <>
            <Section>
              <Facts
                items={[
                  ['Name', account.fullName],
                  ['User name', account.username],
                  ['Roles', session?.roles.map((role) => roleWords[role]).join(', ')],
                ]}
              />
            </Section>
            {account.external ? (
              <Notice>Your organisation manages your password and second factor. Change them there.</Notice>
            ) : (
              <>
                <Section title="Password">
                  <PasswordForm needsCode={account.secondFactorSince !== null} />
                </Section>
                <Section title="Second factor">
                  <SecondFactor account={account} />
                </Section>
              </>
            )}
            <Section title="Sessions" flush>
              <OwnSessions />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  )
}
