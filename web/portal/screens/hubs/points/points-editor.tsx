import { Button, Modal } from '@mantine/core'
import { useMemo, useState } from 'react'
import type { MappedPoint } from '../../../../../schemas/grid/gateway.ts'
import { DataTable } from '../../../../shared/components/data-table.tsx'
import { Section } from '../../../../shared/components/page.tsx'
import { base64Of, saveAs } from '../../installations/files.ts'
import { pointTableColumns } from './columns.tsx'
import { csvOf } from './csv.ts'
import { PastePoints } from './paste-points.tsx'
import { PointForm } from './point-form.tsx'
import { keyOf, nextPoint, typedOf } from './typed.ts'

interface PointsEditorProps {
  title: string
  /** The points that are stored, which those on the screen are compared with. */
  stored: readonly MappedPoint[]
  points: readonly MappedPoint[]
  /** Why this person may not change them; `null` if they may. */
  refusal: string | null
  /** The name of the file that is downloaded, without its ending. */
  fileName: string
  empty: string
  onChange: (points: MappedPoint[]) => void
}

/** Points and their meaning as a list: one by one in a form, or all at once from a file. Nothing is stored by it. */
export function PointsEditor({ title, stored, points, refusal, fileName, empty, onChange }: PointsEditorProps) {
  // A point by its key, a new one, or rows of a file.
  const [open, setOpen] = useState<{ key: string } | 'new' | 'rows' | null>(null)
  const columns = useMemo(() => {
    const before = new Map(stored.map((point) => [keyOf(point), JSON.stringify(typedOf(point))]))
    return pointTableColumns((point) => {
      const was = before.get(keyOf(point))
      if (was === undefined) return 'new'
      return was === JSON.stringify(typedOf(point)) ? '' : 'changed'
    })
  }, [stored])
  const close = () => setOpen(null)
  const take = (next: MappedPoint[]) => {
    onChange(next)
    close()
  }
  const edit = { disabled: refusal !== null, title: refusal ?? undefined }
  return (
    <Section
      title={title}
      flush
      actions={
        <>
          <Button
            disabled={points.length === 0}
            onClick={() => saveAs(`${fileName}.csv`, 'text/csv', base64Of(new TextEncoder().encode(csvOf(points))))}
          >
            Download CSV
          </Button>
          <Button {...edit} onClick={() => setOpen('rows')}>
            From a file or a spreadsheet
          </Button>
          <Button {...edit} onClick={() => setOpen('new')}>
            Add a point
          </Button>
        </>
      }
    >
      <DataTable
        label={title}
        rows={points}
        columns={columns}
        rowKey={keyOf}
        {...(refusal === null ? { onOpen: (point: MappedPoint) => setOpen({ key: keyOf(point) }) } : {})}
        empty={empty}
      />
      <Modal opened={open === 'rows'} onClose={close} title="Points from a file or a spreadsheet" size={720}>
        <PastePoints present={points.length} onTake={take} />
      </Modal>
      <Modal opened={open === 'new'} onClose={close} title="Add a point" size={560}>
        <PointForm
          initial={nextPoint(points)}
          others={points}
          saveLabel="Add it to the list"
          onSave={(point) => take([...points, point])}
          onRemove={null}
        />
      </Modal>
      <OnePoint open={open} points={points} onClose={close} take={take} />
    </Section>
  )
}

interface OnePointProps {
  open: { key: string } | 'new' | 'rows' | null
  points: readonly MappedPoint[]
  onClose: () => void
  take: (points: MappedPoint[]) => void
}

/** Changes a point that is in the list, or takes it out. */
function OnePoint({ open, points, onClose, take }: OnePointProps) {
  const chosen =
    open !== null && typeof open === 'object' ? points.find((point) => keyOf(point) === open.key) : undefined
  return (
    <Modal
      opened={chosen !== undefined}
      onClose={onClose}
      title={chosen ? `Point ${chosen.index} of group ${chosen.group}` : ''}
      size={560}
    >
      {chosen && (
        <PointForm
          initial={typedOf(chosen)}
          others={points.filter((point) => point !== chosen)}
          saveLabel="Take over into the list"
          onSave={(point) => take(points.map((each) => (each === chosen ? point : each)))}
          onRemove={() => take(points.filter((each) => each !== chosen))}
        />
      )}
    </Modal>
  )
}
