import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Facts, Page, Section } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { kw } from '../../../shared/format/power.ts'
import { dayAndTime, daySpanInWords } from '../../../shared/format/time.ts'
import { highestLimitW, versionStateWords } from '../../../shared/profiles/words.ts'
import { assessmentQuery, profileQuery } from '../../grid-queries.ts'
import { AssessmentView } from './assessment-view.tsx'
import { Decision } from './decision.tsx'
import { missingInWords, sourceWords } from './words.ts'

/** One version of a profiled connection: what it asks for, how it was judged half-hour by half-hour, and the decision. */
export function ApplicationPage() {
  const { profileId } = useParams({ from: '/inside/applications/$profileId' })
  const query = useQuery(profileQuery(profileId))
  if (query.data) return <Content version={query.data} />
  return (
    <Page title="Application">
      <Loaded query={query}>{() => null}</Loaded>
    </Page>
  )
}

function Content({ version }: { version: ProfileVersion }) {
  const assessment = useQuery(assessmentQuery(version.profileId, version.revision))
  return (
    <Page
      title={`${version.connectionName}, version ${version.version}`}
      subtitle={`${version.state === 'applied' ? 'Application' : 'Profiled connection'}, by ${version.appliedBy}${version.editedBy ? `, edited by ${version.editedBy}` : ''}`}
      actions={
        <>
          <LinkButton to="/applications">All applications</LinkButton>
          <Decision version={version} assessment={assessment.data ?? null} />
        </>
      }
    >
      <Section>
        <Facts
          items={[
            ['State', <Mark key="state" {...versionStateWords[version.state]} />],
            ['Valid', daySpanInWords(version.validFrom, version.validTo)],
            ['Highest limit', kw(highestLimitW(version))],
            ['After expiry', version.fallbackLimitW === null ? 'agreed supply capacity' : kw(version.fallbackLimitW)],
            [
              'Connection',
              <Link key="connection" to="/connections/$connectionId" params={{ connectionId: version.connectionId }}>
                {version.connectionName}
              </Link>,
            ],
            ['Source', sourceWords[version.source]],
            ...(version.note ? [['Note', version.note] as const] : []),
            ...(version.decidedAt
              ? [['Decided', `${dayAndTime(version.decidedAt)} by ${version.decidedBy ?? ''}`] as const]
              : []),
            ...(version.reason ? [['Reason', version.reason] as const] : []),
            ...(version.assumption ? [['Assumed', version.assumption.statement] as const] : []),
            ...(version.assumption
              ? [['Replaces', missingInWords(version.assumption.missing).join('; ')] as const]
              : []),
          ]}
        />
      </Section>
      <Loaded query={assessment}>{(data) => <AssessmentView assessment={data} />}</Loaded>
    </Page>
  )
}
