import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { ExperimentReport } from '../../../../schemas/dispatch/experiments.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Facts, Page, Section, Stack } from '../../../shared/components/page.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { dayAndTime, daySpanInWords } from '../../../shared/format/time.ts'
import { feedsQuery } from '../../compliance-queries.ts'
import { experimentQuery } from '../../experiment-queries.ts'
import { flexibleUnitsQuery } from '../../queries.ts'
import { useRefusal } from '../../session.ts'
import styles from './experiments.module.css'
import { Moves } from './moves.tsx'
import { Changes, Dispatches, Limits, Measured, Rehearsals } from './ran-tables.tsx'
import { eventWords, haltRuleInWords, requiredInWords, standingInWords, stateWords } from './words.ts'

/** An experiment: what it is to find out, how it stands, what ran in its days, and what came of it. */
export function ExperimentPage() {
  const { experimentId } = useParams({ from: '/inside/experiments/$experimentId' })
  const query = useQuery(experimentQuery(experimentId))
  const refusal = useRefusal('flexibility-engineer', 'planner')
  const report = query.data
  const isOver = report?.state === 'analysis' || report?.state === 'concluded'
  return (
    <Page
      title={report?.name ?? 'Experiment'}
      subtitle={report && daySpanInWords(report.firstDay, report.lastDay)}
      actions={
        <>
          <LinkButton to="/experiments">All experiments</LinkButton>
          {report && !isOver && (
            <LinkButton
              to="/experiments/$experimentId/edit"
              params={{ experimentId }}
              disabled={refusal !== null}
              title={refusal ?? undefined}
            >
              Change
            </LinkButton>
          )}
        </>
      }
    >
      <Loaded query={query}>{(loaded) => <Content report={loaded} refusal={refusal} />}</Loaded>
    </Page>
  )
}

function Content({ report, refusal }: { report: ExperimentReport; refusal: string | null }) {
  const { tone, text } = standingInWords(report)
  return (
    <>
      <Notice tone={tone}>{text}</Notice>
      {report.result !== null && (
        <Section title="Result">
          <p className={styles.text}>{report.result}</p>
        </Section>
      )}
      {report.state !== 'concluded' && (
        <Section title="What happens next">
          {/* Another phase has other moves: what was typed for the last one is not carried over. */}
          <Moves key={report.state} report={report} refusal={refusal} />
        </Section>
      )}
      <Section title="What is to be found out">
        <Stated report={report} />
      </Section>
      <Section title="Measured half-hours of its days" flush>
        <Measured report={report} />
      </Section>
      <Section title="Dispatches" flush>
        <Dispatches report={report} />
      </Section>
      <Section title="Import limits" flush>
        <Limits report={report} />
      </Section>
      <Section title="Rehearsals" flush>
        <Rehearsals report={report} />
      </Section>
      <Section title="What people changed at its depots and FUs" flush>
        <Changes report={report} />
      </Section>
    </>
  )
}

function Stated({ report }: { report: ExperimentReport }) {
  const feeds = useQuery(feedsQuery).data ?? []
  const units = useQuery(flexibleUnitsQuery).data ?? []
  const { purpose, state, switches, requiredData, haltRule, fuIds, moves } = report
  const feedName = (id: string) => feeds.find(({ feedId }) => feedId === id)?.name ?? id
  const unitName = (id: string) => units.find(({ fuId }) => fuId === id)?.name ?? id
  return (
    <Stack>
      <p className={styles.text}>{purpose}</p>
      <Facts
        items={[
          ['State', <Mark key="state" {...stateWords[state]} />],
          ['Depots', <Depots key="depots" report={report} />],
          ...(fuIds.length > 0 ? [['FUs besides', fuIds.map(unitName).join(', ')] as const] : []),
          ...switches.map(({ name, setting }) => [name, setting] as const),
          ['Required data', requiredInWords(requiredData, feedName)],
          ['Halted by itself', haltRuleInWords(haltRule)],
        ]}
      />
      {moves.length > 0 && (
        <ol className={styles.moves} aria-label="What happened to it">
          {moves.map(({ at, event, by, reason }) => (
            <li key={`${at} ${event}`}>
              {dayAndTime(at)} {eventWords[event]} by {by === 'system' ? 'the watch over experiments' : by}
              {reason !== '' && <span className="rm-secondary">: {reason}</span>}
            </li>
          ))}
        </ol>
      )}
    </Stack>
  )
}

function Depots({ report: { depots } }: { report: ExperimentReport }) {
  if (depots.length === 0) return <>none</>
  return (
    <>
      {depots.map(({ connectionId, name }, i) => (
        <span key={connectionId}>
          {i > 0 && ', '}
          <Link to="/connections/$connectionId" params={{ connectionId }}>
            {name}
          </Link>
        </span>
      ))}
    </>
  )
}
