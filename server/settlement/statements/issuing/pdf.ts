import { Instant } from '@js-joda/core'
import PDFDocument from 'pdfkit'
import type { Statement, StatementLine } from '../../../../schemas/settlement/statements.ts'
import { localTimeOf, momentInWords } from '../../../../schemas/vocabulary/time.ts'

const widths = [32, 118, 92, 54, 54, 54, 54, 54, 40, 54, 156]
const headings = [
  ...['No', 'Unit', 'Local time', 'Instr. kW', 'Base kWh', 'Met. kWh', 'Paid kWh', '£/MWh', 'Factor', '£', 'Notes'],
]
const [margin, rowHeight] = [40, 13]

const kilo = (value: number | null) => (value === null ? '–' : (value / 1000).toFixed(3))

function cellsOf(line: StatementLine): string[] {
  const local = localTimeOf(Instant.parse(line.from)).toString().replace('T', ' ').slice(0, 16)
  return [
    ...[String(line.number), line.fuName, local, kilo(line.instructedW), kilo(line.baselineWh)],
    ...[kilo(line.meteredWh), kilo(line.deliveredWh), line.utilisationGbpPerMwh],
    ...[
      line.performanceFactor.toFixed(3),
      line.amountGbp,
      [...(line.direction === 'turn-up' ? ['turn-up'] : []), ...priceNote(line), ...line.flags].join(', '),
    ],
  ]
}

/** Why the price is not the contract's, where something was instructed. */
function priceNote({ priceRule, instructedWh, bidGbpPerMwh, clearedGbpPerMwh }: StatementLine): string[] {
  if (priceRule === 'contract' || !instructedWh) return []
  const found = priceRule === 'pay-as-clear' ? (clearedGbpPerMwh ?? bidGbpPerMwh) : bidGbpPerMwh
  return [found === null ? `${priceRule}: no bid` : priceRule]
}

/**
 * A statement as PDF for a finance department: number, parties, period, totals per unit, every line, and the arithmetic. The same statement
 * gives the same bytes, so the file carries the statement's date.
 */
export function statementPdf(given: Statement): Promise<Buffer> {
  const date = new Date(given.issuedAt ?? `${given.month}-01T00:00:00Z`)
  const info = { Title: `Statement ${given.number}`, Author: 'Ringmain', CreationDate: date, ModDate: date }
  const doc = new PDFDocument({ size: 'A4', layout: 'landscape', margin, info })
  const chunks: Buffer[] = []
  const ended = new Promise<Buffer>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve(Buffer.concat(chunks)))
    doc.on('error', reject)
  })
  writeHead(doc, given)
  writeTotals(doc, given)
  writeLines(doc, given)
  doc.end()
  return ended
}

function writeHead(doc: PDFKit.PDFDocument, given: Statement): void {
  const kind = given.delta === 0 ? 'Settlement statement' : 'Delta statement'
  doc.font('Helvetica-Bold').fontSize(16).text(`${kind} ${given.number}`)
  if (given.state !== 'issued') doc.fontSize(11).text(`${given.state.toUpperCase()} – not issued`)
  doc.font('Helvetica').fontSize(10).moveDown(0.5)
  doc.text(`Flexibility service provider: ${given.fspName}`)
  doc.text('Payer: the distribution network operator')
  doc.text(`Period: ${given.month}, product ${given.product}, times in Europe/London`)
  if (given.issuedAt) doc.text(`Issued: ${momentInWords(given.issuedAt)}. Approved by ${given.approvedBy}.`)
  doc.font('Helvetica-Bold').text(`Total: £${given.totalGbp}`).font('Helvetica').moveDown(0.5)
  doc.text(
    'Each line: (availability price × available MW × ¼ h + utilisation price × paid MWh) × factor − penalty, rounded half-even to the ' +
      'penny; delivered = baseline − metered, between 0 and what was accepted; what the agreed limit required anyway is not paid. ' +
      'The price is the contract’s unless a note names another rule. The CSV file with this number lists every input.',
  )
}

function writeTotals(doc: PDFKit.PDFDocument, given: Statement): void {
  doc.moveDown(0.5).font('Helvetica-Bold').text('By unit').font('Helvetica')
  for (const [name, lines] of Map.groupBy(given.lines, (line) => line.fuName)) {
    const pence = lines.reduce((sum, line) => sum + BigInt(line.amountGbp.replace('.', '')), 0n)
    const sign = pence < 0n ? '-' : ''
    const digits = String(pence < 0n ? -pence : pence).padStart(3, '0')
    const methods = [...new Set(lines.map((line) => line.terms.baselineMethod))].join(', ')
    doc.text(`${name}: £${sign}${digits.slice(0, -2)}.${digits.slice(-2)}, ${lines.length} lines, baseline ${methods}`)
  }
}

function writeLines(doc: PDFKit.PDFDocument, given: Statement): void {
  doc.addPage().fontSize(8)
  let y = writeRow(doc, headings, margin, true)
  for (const line of given.lines) {
    if (y > doc.page.height - margin - rowHeight) {
      doc.addPage()
      y = writeRow(doc, headings, margin, true)
    }
    y = writeRow(doc, cellsOf(line), y, false)
  }
}

function writeRow(doc: PDFKit.PDFDocument, cells: string[], y: number, isHead: boolean): number {
  doc.font(isHead ? 'Helvetica-Bold' : 'Helvetica')
  let x = margin
  for (const [i, cell] of cells.entries()) {
    const width = widths[i] ?? 60
    const align = i >= 3 && i <= 9 ? ('right' as const) : ('left' as const)
    doc.text(cell, x, y, { width: width - 6, height: rowHeight, align, lineBreak: false, ellipsis: true })
    x += width
  }
  return y + rowHeight
}
