import { useQuery } from '@tanstack/react-query'
import type { DemandEdition } from '../../../../../schemas/planning/demand-editions.ts'
import { Mark } from '../../../../shared/components/mark.tsx'
import { Notice } from '../../../../shared/components/notice.tsx'
import { Loaded } from '../../../../shared/components/query.tsx'
import { PanelFacts, PanelPart, SidePanel } from '../../../../shared/components/side-panel.tsx'
import { count, fixed } from '../../../../shared/format/power.ts'
import { dayAndTime } from '../../../../shared/format/time.ts'
import { demandEditionQuery } from '../../../planning-queries.ts'
import { editionKindWords, madeUp } from '../words.ts'
import { summaryFacts } from './edition-words.ts'
import { Findings, findingsTitle } from './findings.tsx'

/** One edition: its figures, what to look at in it, and the vehicles that are new with it. */
export function EditionPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const query = useQuery(demandEditionQuery(id))
  return (
    <SidePanel title={query.data?.name ?? 'Edition'} onClose={onClose}>
      <Loaded query={query}>{(edition) => <Content edition={edition} />}</Loaded>
    </SidePanel>
  )
}

function Content({ edition }: { edition: DemandEdition }) {
  const { kind, rows, rowsRemovedAt, importedAt, importedBy, digest, isSynthetic, summary, columns } = edition
  const mapped = Object.entries(columns).filter(([column, heading]) => column !== heading)
  return (
    <>
      {rowsRemovedAt !== null && (
        <Notice>
          Its rows were removed on {dayAndTime(rowsRemovedAt)}, because they had been kept as long as they may be. No
          run can use it any more.
        </Notice>
      )}
      <PanelPart>
        <PanelFacts
          items={[
            ['Kind', editionKindWords[kind]],
            ...(isSynthetic ? [['Data', <Mark key="made-up" {...madeUp} />] as const] : []),
            ['Rows', fixed(rows, 0)],
            ['Imported', `${dayAndTime(importedAt)} by ${importedBy}`],
            ['Digest', <code key="digest">{digest.slice(0, 16)}</code>],
            ...summaryFacts(summary),
          ]}
        />
      </PanelPart>
      {mapped.length > 0 && (
        <PanelPart title="Columns under other headings">
          <PanelFacts items={mapped} />
        </PanelPart>
      )}
      <PanelPart title={findingsTitle(edition)}>
        <Findings anomalies={edition.anomalies} />
      </PanelPart>
      {kind === 'trips' && <NewVehicles edition={edition} />}
    </>
  )
}

function NewVehicles({ edition: { newVehicles, newVehicleCount } }: { edition: DemandEdition }) {
  const shown = newVehicles.slice(0, 50)
  return (
    <PanelPart title={count(newVehicleCount, 'new vehicle')}>
      <p>
        {shown.length === 0 ? 'Earlier editions have every vehicle.' : shown.join(', ')}
        {newVehicleCount > shown.length && ` and ${fixed(newVehicleCount - shown.length, 0)} more`}
      </p>
    </PanelPart>
  )
}
