import type { Timetable } from '../../../../../schemas/market/timetables.ts'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { useOwnFsp } from '../../../session.ts'
import { WaitingFor } from '../../proposals/proposal-view.tsx'
import { TimetableForm } from './timetable-form.tsx'
import { gateInWords, kindWords, rhythmInWords } from './words.ts'

/** One timetable: what it states, what is planned, and a form to propose another for it or for a part of it. */
export function TimetablePanel({
  timetable,
  all,
  title,
  onClose,
}: {
  timetable: Timetable
  all: readonly Timetable[]
  title: string
  onClose: () => void
}) {
  const isFsp = useOwnFsp() !== null
  const { settings, planned, product, zoneNodeId, contractId } = timetable
  const reach = zoneNodeId ? `/zone:${zoneNodeId}` : contractId ? `/contract:${contractId}` : ''
  return (
    <SidePanel title={title} onClose={onClose}>
      {settings && (
        <PanelPart title="In force">
          <PanelFacts
            items={[
              ['Instructions go out', rhythmInWords(settings.rhythm)],
              ...Object.entries(kindWords).map(
                ([kind, words]) => [words, gateInWords(settings.gates[kind as keyof typeof kindWords])] as const,
              ),
              ['Without a selection', settings.unselected ?? 'nothing is sent'],
              ['Optimised first', settings.isOptimised ? 'yes' : 'no'],
            ]}
          />
        </PanelPart>
      )}
      {planned.length > 0 && (
        <PanelPart title="Planned">
          <PanelFacts
            items={planned.map(({ inForceFrom, settings: next, changedBy }) => [
              dayAndTime(inForceFrom),
              `${next ? rhythmInWords(next.rhythm) : 'ends'}, approved by ${changedBy}`,
            ])}
          />
        </PanelPart>
      )}
      {!isFsp && (
        <PanelPart title="Propose another">
          <WaitingFor subjectId={`${product}${reach}`} />
          <TimetableForm timetable={timetable} all={all} />
        </PanelPart>
      )}
    </SidePanel>
  )
}
