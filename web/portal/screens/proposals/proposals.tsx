import { useQuery } from '@tanstack/react-query'
import { Nothing, Notice } from '../../../shared/components/notice.tsx'
import { Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { count } from '../../../shared/format/power.ts'
import { waitingQuery } from '../../proposal-queries.ts'
import { ProposalView } from './proposal-view.tsx'

/** Every change that waits for a second person. */
export function Proposals() {
  const query = useQuery(waitingQuery)
  return (
    <Page
      title="Waiting for a second person"
      subtitle={query.data && `${count(query.data.length, 'change')} to approve, reject or withdraw`}
    >
      <Notice>
        The changes listed here are not in force yet. The person who proposed a change cannot approve it; everything
        stays as it was until another person does.
      </Notice>
      <Loaded query={query}>
        {(list) =>
          list.length === 0 ? (
            <Nothing>No change is waiting.</Nothing>
          ) : (
            list.map((each) => (
              <Section key={each.proposalId} title={each.title}>
                <ProposalView proposal={each} />
              </Section>
            ))
          )
        }
      </Loaded>
    </Page>
  )
}
