/** What people write of a delivery in a line or two, as one finds it in German reviews. */
export const germanGood = `
Alles super, gerne wieder
Schnelle Lieferung, sehr freundlich
Der Tisch ist wunderschön und stabil
Sehr gute Beratung, wir fühlten uns gut aufgehoben
Pünktlich geliefert und sauber aufgebaut
Die Monteure waren freundlich und pünktlich
Bin sehr zufrieden mit der Qualität
Tolle Qualität, gerne wieder
Das Holz ist wunderschön, wir sind sehr zufrieden
Freundlicher Fahrer, alles heil angekommen
Wir kaufen gerne wieder hier
Super Service und tolle Beratung
Es hat alles geklappt, pünktlich auf die Minute
Ich bin mit der Lieferung sehr zufrieden
Hat alles gut geklappt, danke
Schöne Verarbeitung, die Schubladen laufen leise
Die Stühle sind bequem und die Verarbeitung ist toll
Freundlich am Telefon und pünktlich vor der Tür
Es war alles wie besprochen, gerne wieder
Schnell, freundlich und ordentlich
Der Aufbau ging schnell und die Leute waren freundlich
Ein wunderschönes Stück, die Qualität stimmt
Wir sind rundum zufrieden
Die Qualität ist jeden Cent wert
Sehr freundlich, sehr ordentlich, sehr zu empfehlen
Kann ich nur empfehlen
Den Laden kann man empfehlen, die Beratung war ehrlich
Ich kann die Firma nur empfehlen
Pünktlich, sauber und freundlich
Kam pünktlich und war gut verpackt
Mit dem Schrank sind wir sehr zufrieden
Das Regal passt auf den Millimeter, tolle Qualität
Der Fahrer war freundlich und hat alles hochgetragen
Danke für die schnelle Lieferung
Die Lieferung war pünktlich und der Aufbau ging schnell
Uns gefällt der Tisch sehr und den Kindern auch
`
  .trim()
  .split('\n')

export const germanBad = `
Kam viel zu spät
Die Lieferung war zwei Wochen zu spät
Es kam zu spät und keiner hat angerufen
Der Tisch ist zerkratzt
Leider zerkratzt angekommen
Keiner ruft zurück
Ich habe drei Mal angerufen und keiner ruft zurück
Die Schublade klemmt und keiner meldet sich
Ein Bein war kaputt
Das Glas kam kaputt an
Die Tür ist schon nach einer Woche kaputt
Wieder zu spät und wieder ohne Bescheid
Nie wieder
Die Schublade klemmt seit dem ersten Tag
Wir warten immer noch auf den Tisch
Ich warte seit vier Wochen
Wir warten seit März und keiner meldet sich
Der Fahrer war unfreundlich und zu spät
Das ist der zweite Schrank und auch der ist zerkratzt
Leider kaputt, ein Ersatz wurde versprochen und kam nicht
Es fehlten Schrauben und die Anleitung war auf Englisch
Die Platte war zerkratzt und der Fahrer war schon weg
Wir hatten Urlaub genommen und dann kam keiner
Zu spät, zu teuer, zu wenig Auskunft
Mit der Lieferung sind wir nicht zufrieden, sie kam zu spät
Der Stuhl wackelt und keiner meldet sich
Nach zwei Anrufen ruft immer noch keiner zurück
Die Rückwand war kaputt und das Holz war gerissen
Leider zu spät und dann noch zerkratzt
Ich warte immer noch auf das Geld
Das Sofa war zu spät und zu groß für den Aufzug
Man hat uns vergessen und keiner sagt warum
Am Telefon hieß es morgen und dann warten wir wieder
Der Schrank war schief und die Tür klemmt
Die Ware war kaputt und den Ersatz sollen wir zahlen
Es hieß sechs Wochen und es wurden zehn
`
  .trim()
  .split('\n')
