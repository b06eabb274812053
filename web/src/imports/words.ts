import type { InferResponseType } from 'hono/client'
import type { api } from '../lib/api.ts'

export type Look = InferResponseType<
  (typeof api.api.imports.uploads)[':upload']['files'][':name']['look']['$post'],
  200
>
export type Preview = InferResponseType<typeof api.api.imports.previews.$post, 200>
export type ImportLine = InferResponseType<(typeof api.api.imports)[':id']['$get'], 200>
export type ColumnMapping = Look['guess']['columns'][number]
export type Role = ColumnMapping['role']

/** What a column can be, in a person's words. */
export const roleGroups: { group: string; items: { value: Role; label: string }[] }[] = [
  {
    group: 'Who it is',
    items: [
      { value: 'email', label: 'Email' },
      { value: 'phone', label: 'Phone' },
      { value: 'customer_id', label: 'Customer number' },
      { value: 'anonymous_id', label: 'Browser or visitor id' },
      { value: 'name', label: 'Name' },
      { value: 'company', label: 'Company' },
      { value: 'trait', label: 'Something about them' },
    ],
  },
  {
    group: 'What happened',
    items: [
      { value: 'moment', label: 'Day of a certain thing' },
      { value: 'time', label: 'When it happened' },
      { value: 'event', label: 'What happened' },
      { value: 'promised', label: 'Promised day' },
      { value: 'channel', label: 'Channel' },
    ],
  },
  {
    group: 'What was bought',
    items: [
      { value: 'order_id', label: 'Order number' },
      { value: 'project_id', label: 'Project number' },
      { value: 'contract_id', label: 'Contract number' },
      { value: 'subscription_id', label: 'Subscription number' },
      { value: 'amount', label: 'Amount' },
      { value: 'currency', label: 'Currency' },
      { value: 'item', label: 'Item' },
      { value: 'quantity', label: 'How many of the item' },
      { value: 'unit_price', label: 'Price of one item' },
      { value: 'line_amount', label: 'Amount of the line' },
    ],
  },
  {
    group: 'What they said',
    items: [
      { value: 'rating', label: 'Rating' },
      { value: 'words', label: 'Their words' },
    ],
  },
  {
    group: 'Otherwise',
    items: [
      { value: 'key', label: 'Number of the row' },
      { value: 'detail', label: 'Keep as a detail' },
      { value: 'leave', label: 'Leave out' },
    ],
  },
]

export const usualEvents = [
  'Order Completed',
  'Order Shipped',
  'Order Delivered',
  'Order Cancelled',
  'Order Refunded',
  'Assembly Completed',
  'Invoice Sent',
  'Payment Received',
  'Enquiry Received',
  'Design Meeting Held',
  'Showroom Visited',
  'Proposal Sent',
  'Proposal Declined',
  'Contract Signed',
  'Contract Renewed',
  'Support Contacted',
  'Complaint Received',
  'Return Requested',
  'Product Reviewed',
  'Survey Answered',
  'Care Call Made',
  'Newsletter Sent',
  'Offer Sent',
  'Call Logged',
  'Visit Logged',
]

export const stateWords: Record<ImportLine['state'], string> = {
  waiting: 'Waiting',
  running: 'Coming in',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Stopped',
  undoing: 'Being taken back',
  undone: 'Taken back',
}

export const stepWords: Record<string, string> = {
  waiting: 'Waiting for its turn',
  reading: 'Reading the files',
  arranging: 'Arranging the rows',
  recording: 'Bringing the rows in',
  finishing: 'Tying up the ends',
  undoing: 'Taking everything back',
}

export const kindWords: Record<string, string> = {
  customers: 'Customers',
  purchases: 'Purchases',
  interactions: 'What happened',
  expectations: 'Promises',
  voices: 'Voices',
}

/** One of a kind, and several, in a sentence. */
export const countWords: Record<string, [one: string, many: string]> = {
  customers: ['customer', 'customers'],
  purchases: ['purchase', 'purchases'],
  interactions: ['thing that happened', 'things that happened'],
  expectations: ['promise', 'promises'],
  voices: ['voice', 'voices'],
}

export const delimiterWords: Record<string, string> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
}

export function bytesText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`
  return bytes < 1_000_000 ? `${(bytes / 1_000).toFixed(0)} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
