// What columns are called, in several languages, and what that says they hold.
import type { ColumnRole } from './mapping.ts'

export const perOne = /price|preis|prix|precio|preço|preco|prezzo|prijs|each|unit|einzel|stück/i
export const perLine = /line|item|position|zeile|ligne|l[ií]nea|linha|riga|regel|artikel|product|produkt/i
export const wholeOrder = /order|total|gesamt|grand|bestell|auftrag/i
export const howMany =
  /^(qty|quantity|menge|anzahl|stück|quantité|qté|cantidad|quantidade|quantità|aantal|pieces|units)$|quantity|\bqty\b/i

export const caseRole = /^(order|project|contract)_id$/
export const amountName =
  /(total|amount|betrag|summe|preis|price|value|wert|revenue|umsatz|montant|prix|importe|valor|importo|prezzo|bedrag|netto|brutto)/i

export const rolesByName: [RegExp, ColumnRole][] = [
  [/^(e-?mail|mail|courriel|correo|email.?adress?e?|e-mail.*)$|e-?mail/i, 'email'],
  [/phone|telefon|téléphone|tel(éfono|efone|efono)?\b|mobil|handy|celular|cellulare|móvil/i, 'phone'],
  [
    /(customer|client|kunden?|klant|cliente|user|member|contact|debitor).{0,3}(id|no|nr|num|nummer|number|code|#)\b|^(customer|user|client)_?id$|kundennummer|kdnr|numéro.client/i,
    'customer_id',
  ],
  [/anonymous.?id|visitor.?id|cookie/i, 'anonymous_id'],
  [
    /(order|bestell|commande|pedido|ordine|bestel|auftrag|invoice|rechnung|sales).{0,4}(id|no|nr|num|nummer|number|code|ref|#)|^(order|bestellung|auftrag|pedido|commande|ordine)$|bestellnummer|auftragsnummer/i,
    'order_id',
  ],
  [
    /(project|projekt|projet|proyecto|progetto).{0,4}(id|no|nr|num|nummer|number|code|#)?$|projektnummer/i,
    'project_id',
  ],
  [
    /(contract|vertrag|contrat|contrato|contratto|policy).{0,4}(id|no|nr|num|nummer|number|#)?s?$|vertragsnummer/i,
    'contract_id',
  ],
  [/(subscription|abo|abonnement|suscripci[oó]n|assinatura).{0,4}(id|no|nr|num|nummer)$/i, 'subscription_id'],
  [/^(currency|währung|devise|moneda|moeda|valuta)$/i, 'currency'],
  [
    /(rating|stars?|score|note|bewertung|sterne|puntuaci|nota\b|avalia|voto|csat|nps|zufriedenheit|satisf)/i,
    'rating',
  ],
  [
    /(comment|review|feedback|words|text|message|kommentar|bemerkung|avis|commentaire|comentario|opini|beschwerde|complaint|verbatim|remark)/i,
    'words',
  ],
  [/^(channel|kanal|canal|source|quelle|medium|platform|portal)$/i, 'channel'],
  [amountName, 'amount'],
  [
    /^(event|event.?name|activity|action|ereignis|aktivität|vorgang|événement|evento|status.?change|what happened)$/i,
    'event',
  ],
  [
    /(item|product|artikel|produkt|article|produit|artículo|producto|prodotto|lineitem).{0,4}(name|title|titel)?$/i,
    'item',
  ],
  [/(company|firma|unternehmen|société|empresa|azienda|bedrijf|organi[sz]ation|account.?name)/i, 'company'],
  [
    /^((full|first|last|given|family|customer|client|contact|author|reviewer|user).?name|name|vorname|nachname|familienname|kunde|kundenname|nom|prénom|nombre|apellidos?|nome|cognome|sobrenome|naam|achternaam|voornaam|author|autor|customer|client|cliente|klant|billing.?name)$/i,
    'name',
  ],
  [
    /^(city|ort|stadt|ville|ciudad|cidade|città|plaats|country|land|pays|país|zip|plz|postcode|postal.?code|state|region|language|sprache|gender|age|segment|branche|industry|street|straße|address|adresse)$/i,
    'trait',
  ],
  [/^(id|uuid|message.?id|event.?id|row.?id|key|nr|no|#|lfd\.?.?nr\.?)$/i, 'key'],
]

export const promisedName =
  /promis|zugesagt|versproch|estimat|expected|geplant|plan(ned|date|ning)|soll|prévu|previst|wunsch|due|target|committed|agreed|vereinbart|pactad|acordad|fällig|prometid/i

export const eventsByName: [RegExp, string][] = [
  [/deliver|liefer|livr|entreg|consegn|bezorg|arriv|zustell/i, 'Order Delivered'],
  [/ship|versand|versend|dispatch|expédi|expedi|enviad|envío|spediz|verzond/i, 'Order Shipped'],
  [/fitt|assembl|montage|install|aufbau|einbau|montaje/i, 'Assembly Completed'],
  [/refund|erstatt|rembours|reembols|rimbors/i, 'Order Refunded'],
  [/invoice|rechnung|factur|fatura|fattura/i, 'Invoice Sent'],
  [/proposal|quote|offer|angebot|devis|presupuesto|offerte|preventivo|orçamento/i, 'Proposal Sent'],
  [/pay|zahl|paid|paiement|pago|pagat|betaal/i, 'Payment Received'],
  [/cancel|storn|annul|cancelad/i, 'Order Cancelled'],
  [/return|retour|rück|devoluc|reso\b/i, 'Return Requested'],
  [/review|rating|bewert|survey|feedback|avis|umfrage|answer/i, 'Product Reviewed'],
  [/renew|verläng|renouv|renov|rinnov/i, 'Contract Renewed'],
  [/sign|vertrag|contract|unterschr/i, 'Contract Signed'],
  [/meeting|beratung|design|termin|visit|besuch|rendez|visita/i, 'Design Meeting Held'],
  [/enquir|inquir|anfrage|lead|kontakt|demande|consulta/i, 'Enquiry Received'],
  [/complain|beschwerde|reklam|reclam|klacht/i, 'Complaint Received'],
  [/ticket|support|case.?(open|creat)/i, 'Support Contacted'],
  [/call|anruf|appel|llamada/i, 'Call Logged'],
  [
    /order|bestell|auftrag|commande|pedido|ordine|purchas|kauf|sold|sale|achat|compra|acquist/i,
    'Order Completed',
  ],
]
