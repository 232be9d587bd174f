import { Checkbox } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReserveSituation } from '../../../../schemas/dispatch/reserve.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import { Mark } from '../../../shared/components/mark.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { Loaded } from '../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count, gbp, kw } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import { deliveryWords } from '../../../shared/format/words.ts'
import { reserveQuery } from '../../dispatch-queries.ts'
import { useRefusal } from '../../session.ts'
import { LiveReadings } from './live-readings.tsx'
import { missingInWords, noReserveWords, periodsInWords } from './reserve.ts'
import styles from './reserve-panel.module.css'

interface ReservePanelProps {
  fuId: string
  nodeId: string | undefined
  onNode: (nodeId: string) => void
  onClose: () => void
}

/** What is missing of an FU while it is instructed, who could make it good, and the one action that issues it. */
export function ReservePanel({ fuId, nodeId, onNode, onClose }: ReservePanelProps) {
  const query = useQuery(reserveQuery(fuId, nodeId))
  return (
    <SidePanel title={`Reserve for ${query.data?.fuName ?? 'an FU'}`} onClose={onClose}>
      <Loaded query={query}>
        {(situation) =>
          situation ? (
            <Situation key={situation.version} situation={situation} onNode={onNode} />
          ) : (
            <Notice>This FU has no instruction in effect.</Notice>
          )
        }
      </Loaded>
    </SidePanel>
  )
}

function Situation({ situation, onNode }: { situation: ReserveSituation; onNode: (nodeId: string) => void }) {
  const { state, instructedNowW, deliveredW, nodes, nodeId, offers, without, issued } = situation
  return (
    <>
      <Mark {...deliveryWords[state]} />
      <PanelFacts
        items={[
          [situation.direction === 'turn-up' ? 'Turn-up instructed' : 'Turn-down instructed', kw(instructedNowW)],
          ['Delivered, as last measured', deliveredW === null ? 'not known' : kw(deliveredW)],
          [state === 'not-seen' ? 'Missing, if nothing is delivered' : 'Missing', missingInWords(situation)],
        ]}
      />
      <LiveReadings fuId={situation.fuId} />
      <Fields>
        <Choice label="FUs behind" value={nodeId} onChange={(event) => onNode(event.currentTarget.value)}>
          {nodes.map((node) => (
            <option key={node.nodeId} value={node.nodeId}>
              {node.name}
            </option>
          ))}
        </Choice>
      </Fields>
      {offers.length > 0 && <Offers situation={situation} />}
      {without.length > 0 && (
        <PanelPart title="Why the other FUs are not available">
          <PanelFacts
            items={without.map((each) => [
              each.fuName,
              <span key={each.fuId} title={each.detail}>
                {noReserveWords[each.reason]}
              </span>,
            ])}
          />
        </PanelPart>
      )}
      {offers.length + without.length === 0 && situation.missing.some(({ missingW }) => missingW > 0) && (
        <Notice>No other FU is contracted behind this node.</Notice>
      )}
      {issued.map((each) => (
        <PanelPart key={each.reserveId} title={`Issued at ${timeOfDay(each.issuedAt)} by ${each.issuedBy}`}>
          <PanelFacts items={each.units.map((unit) => [unit.fuName, periodsInWords(unit.periods)])} />
        </PanelPart>
      ))}
    </>
  )
}

/** The offers, the proposed ones ticked, and the action for those that are. */
function Offers({ situation }: { situation: ReserveSituation }) {
  const { fuId, nodeId, version, offers } = situation
  const refusal = useRefusal('flexibility-engineer')
  const queries = useQueryClient()
  const [chosen, setChosen] = useState(() => new Set(offers.filter((each) => each.isProposed).map((each) => each.fuId)))
  const [idempotencyKey] = useState(() => crypto.randomUUID())
  const issue = useMutation<unknown, Error, void>({
    mutationFn: () =>
      api.call(operations.issueReserve, {
        params: { fuId },
        body: { nodeId, fuIds: [...chosen], version },
        idempotencyKey,
      }),
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('dispatch') ?? false }),
  })
  const toggle = (id: string) =>
    setChosen((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])))
  return (
    <PanelPart title="FUs that could cover it">
      <ul className={styles.offers}>
        {offers.map((each) => (
          <li key={each.fuId} className={styles.offer}>
            <Checkbox
              size="xs"
              aria-label={each.fuName}
              checked={chosen.has(each.fuId)}
              onChange={() => toggle(each.fuId)}
            />
            <span>{each.fuName}</span>
            <span>{gbp(each.priceGbpPerMwh)}/MWh</span>
            <span className="rm-secondary">
              {periodsInWords(each.periods)}
              {each.isProposed ? '' : ', not needed: cheaper FUs are enough'}
              {each.reboundShare ? ', part of it comes back later' : ''}
            </span>
          </li>
        ))}
      </ul>
      <TwoStep
        primary
        label="Issue reserve"
        refusal={refusal ?? (chosen.size === 0 ? 'Choose an FU.' : null)}
        action={issue}
        consequence={`Instructs ${count(chosen.size, 'FU')} at once, the cheapest first, to cover what is missing: ${missingInWords(situation)}. It becomes their manual schedule, which is then live for the day.`}
      />
    </PanelPart>
  )
}
