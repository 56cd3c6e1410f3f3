"""The words that questions are made of, in our twelve languages, by the part they have in them.

`service.phrases.Role` says what each part is; a word of several has the first. "kost-" stands for
all words that begin so. Question words are listed as typed, with and without accents unless that
makes another word of them ("qué", "où"); all others are folded before they are compared.
"""

from __future__ import annotations

ASKING_LATE = frozenset({"tr", "fa"})  # the question word need not be among a question's first

QUESTION_WORDS = {
    "de": {
        "asking": """was wo wohin woher wann wie wieviel wieviele wer wem wen welche welcher
            welches welchen welchem warum wieso weshalb womit wofür worauf""",
        "joining": "und sowie außerdem aber",
        "pointing": """er ihn ihm sie ihre ihrer ihren seine seiner seinen deren dessen dafür davon
            dazu daran dabei hierfür darüber darauf""",
        "opening": """kann können darf dürfen muss müssen soll sollen gibt gibts ist sind brauche
            brauchen braucht brauch habe haben hat bekomme bekommen bekommt wird werden""",
        "small": """ich du er sie es wir ihr man mich mir dich dir sich uns euch der die das den
            dem des ein eine einen einem einer eines n ne nen mein meine meinen meinem meiner unser
            unsere unseren kein keine keinen dies diese diesen dieser dieses für mit ohne von vom
            zu zum zur bei beim in im ins an am auf aus nach vor über bis seit ab denn eigentlich
            nun jetzt noch schon mal bitte danke hallo ja nein nicht nur so da hier wenn ob dass
            damit danach war sein könnte sollte würde möchte will wollen lassen tun genau viel
            viele lang lange hoch oft alt alle allem alles erste ersten erster zweite zweiten
            zweiter zweites dritte dritten dritter nächste nächsten weitere weiteren anderer andere
            anderen beide ihn ihm dafür davon dazu daran dabei hierfür dort dahin darüber auch dann
            also""",
        "aspect": """kost- preis- gebühr- teuer bezahl- zahlen zahle zahlt euro geld dauer- frist-
            termin- zeit zeiten uhr uhrzeit öffn- geöffn- offen geschlossen tag tage tagen woche
            wochen monat monate monaten jahr jahre jahren stunde stunden minuten unterlag-
            dokument- papiere formular- foto fotos passbild- voraussetz- gültig- gilt zuständig-
            adress- telefon- telefonnummer nummer online bearbeit- hilfe wart- kind kinder kindern
            rentner rentnern senioren erwachsene erwachsenen studenten schüler""",
        "action": """melde melden meldet meldung anmeld- abmeld- anzumelden angemeldet eintragen
            beantrag- antrag- anträge bekomm- krieg- brauch- benötig- bring- mitbring- mitnehm-
            abhol- hole holen wende wenden gehe gehen geht stelle stellen mache machen ausfüll-
            einreich- abgeb- gebe bestell-""",
    },
    "en": {
        "asking": "what where when how who whom which why",
        "joining": "and but plus",
        "pointing": "it its they them their",
        "opening": "can could do does must should may is are am will need have has",
        "small": """i you he she it we they me us this that these those there my your his its our
            their a an the of for with without to from at in on by into about as if or not no yes
            be been it's s t d ll ve re would like want please thanks thank hello hi ok well one
            ones another other second third first next much many old often late soon just only
            still too any some all up out off doing done get's got them him her also then so""",
        "aspect": """cost- price- fee fees charge- pay paid payment euro euros money time times
            hour hours open opening opens close closed closes deadline- long document- paper papers
            paperwork form forms photo- valid appointment- address phone number day days week weeks
            month months year years minutes online requirement- required office wait- child
            children kid kids adult adults pensioner- student students""",
        "action": """register- registration apply applying application- get getting need needed
            bring take go submit- book booking request- contact ask find call pick collect sign
            show hand send""",
    },
    "tr": {
        "asking": """ne nerede nerde nereye nereden nerden neresi nasıl nasil hangi hangisi kim
            kime kimden kaç kac kaça kaca niye neden mi mı mu mü miyim mıyım muyum müyüm misiniz
            mısınız midir mıdır""",
        "joining": "ve peki ayrıca ama",
        "pointing": "onu ona onun onlar onları bunu bunun buna bunlar bunları",
        "opening": "var acaba",
        "small": """ben bana beni benim sen o biz bize bizim siz bu şu bir biri birinci ikinci
            üçüncü ikincisi diğer diğeri başka için ile gibi daha çok az de ki ise var yok değil
            evet hayır lütfen teşekkürler merhaba şimdi sonra önce artık bile hem veya yoksa olan
            olarak olur oluyor olacak olması mümkün nın nin nun nün dan den ta te onu ona onun
            onlar bunu buna bunun bunlar şunu orada oraya ya da""",
        "aspect": """kadar zaman ücret- fiyat- para paralı ödenir ödenecek öde ödemem ödeyeceğim
            ödüyor- euro avro saat saatte saatleri saatler gün günü günler hafta ay ayda yıl yılda
            yaş süre süresi sürer sürüyor sürede belge belgeler belgeleri evrak- form formu
            fotoğraf- geçerli- açık kapalı randevu- adres- telefon- numara- online şart şartlar
            şartları tutar- tutuyor bekle- çocuk çocuklar çocuğum yetişkin- emekli- öğrenci-""",
        "action": """başvur- kayıt kaydet- kaydol- kaydı yaptır- yapmak yapmam yaparım yapılır
            yapabilirim yapıyor- alabilir- alır- alınır alıyor- almam almak almalı- gider- gitmem
            gitmeli- gidebilir- getir- götür- gönder- bulabilir- bulurum verilir vermem verilecek
            bildir- doldur- ihtiyac- ihtiyaç lazım gerek- gerekli isten- istiyor- edebilir- edilir
            ederim etmem""",
    },
    "uk": {
        "asking": """що як де куди звідки коли скільки хто кому який яка яке які якого яку чому чи
            навіщо""",
        "joining": "і й та а але також",
        "pointing": "він вона воно вони його її їх йому їй ним нею них цього",
        "opening": "можна треба потрібно є",
        "small": """я ти він вона воно ми ви вони мені мене мій моя моє мої мого моєї нам нас наш
            вам його це цей ця ці те той та такий один одна перший перша другий друга друге другого
            другої другу третій третього інший інша іншого наступний для з із зі у в на до від по
            за при про без над під не ні так же ж б би то щоб якщо коли бути було можу можна можемо
            можете є будь ласка дякую привіт добрий скажіть тут зараз ще вже дуже багато тільки усе
            все разом її їх йому їй цього цим там туди""",
        "aspect": """кошту- вартість ціна плат- оплат- сплат- сплачу- євро гроші час часу година
            годин години термін- строк- довго триває тривати документ- папери бланк- форма форму
            фото дійсн- відкрит- відчинен- працює працюють адрес- телефон- номер день дня дні днів
            тиждень тижні місяць місяці місяців рік року років онлайн запис запису чека- дитин-
            діти дітей дітям доросл- пенсіонер- студент-""",
        "action": """зареєстр- реєструв- реєстрація подати подавати подаю отрима- оформ- зробити
            робити зверта- звернути- йти іти піти їхати принести взяти брати записатис- заповн-
            потріб- необхідн- треба мати надати""",
    },
    "ru": {
        "asking": """что чего как где куда откуда когда сколько кто кому кем какой какая какое
            какие какого какую почему зачем ли""",
        "joining": "и а но также",
        "pointing": "он она оно они его её ее их ему ей ним ней них этого",
        "opening": "можно надо нужно есть должен должна обязательно",
        "small": """я ты он она оно мы вы они мне меня мой моя моё мое мои моего моей нам нас наш
            вам вас это этот эта эти то тот такой один одна первый первая второй вторая второе
            второго вторую третий третьего другой другая другого следующий для с со из у в во на до
            от по за при о об про без над под не нет да же бы чтобы если быть был было могу можем
            можете пожалуйста спасибо привет здравствуйте скажите тут здесь сейчас уже очень много
            только всё все вместе его её ее их ему ей этого этим там туда ещё еще""",
        "aspect": """стоит стоят стоимость цена цены плат- оплат- заплат- евро деньги время времени
            часы час срок- долго длится документ- бумаги бланк- форма форму фото действ- открыт-
            работает работают адрес- телефон- номер день дня дни дней неделя недели месяц месяца
            месяцев год года лет онлайн запись записи жда- ребен- детей детям дети взросл-
            пенсионер- студент-""",
        "action": """зарегистр- регистр- подать подавать получ- оформ- сделать делать обрат- обращ-
            идти пойти ехать принести взять брать записат- заполн- нужен нужна нужны нужно надо
            требу- сдать предоставить""",
    },
    "ar": {
        "asking": """ما ماذا شو ايش وش كم كيف شلون أين اين وين متى امتى ايمتى لمن هل لماذا ليش أي
            اي بكم قديش قديه مين""",
        "joining": "و ثم طيب لكن",
        "pointing": "إليها إليه عليها عليه منها منه فيها فيه لها له عنها عنه بها به",
        "opening": "هل يمكن ممكن يمكنني لازم",
        "small": """أنا انت هو هي نحن أنتم هم في على إلى الى عن من مع هناك هذا هذه هذي التي الذي لا
            نعم أو أن ان إن لي لنا عندي لدي كان يكون لو اذا إذا قد سوف كل بعد قبل فقط شكرا مرحبا
            فضلك سمحت واحد أول أولى ثاني ثانية ثالث آخر بي لأجل بخصوص ما كثير له لها ذلك تلك عليه
            عنه منه به ايضا كمان""",
        "aspect": """تكلف- يكلف- كلف- سعر ثمن رسوم دفع ادفع أدفع يورو فلوس وقت ساعات ساعة مدة طويل
            يستغرق تستغرق مستندات وثائق أوراق ورق نموذج استمارة صورة صور صالح صلاحية موعد مواعيد
            دوام مفتوح عنوان هاتف رقم يوم أيام اسبوع شهر سنة مطلوب- لازمة اونلاين انتظر- انتظار
            تبلغ يبلغ طفل أطفال اولاد بالغين متقاعد- طلاب""",
        "action": """تسجيل أسجل- يسجل- سجل- طلب أطلب أقدم- تقديم أحصل حصول أحتاج- نحتاج يلزم- يجب
            آخذ أروح أذهب أحضر أجيب أعمل أفعل أبلغ""",
    },
    "fr": {
        "asking": """quel quelle quels quelles comment où combien quand qui quoi pourquoi lequel
            laquelle qu""",
        "joining": "et mais",
        "pointing": "elle elles lui ses sa son leur leurs",
        "opening": "est-ce est puis peut peux dois doit faut existe",
        "small": """je j tu il elle on nous vous ils elles me m te se s mon ma mes ton votre vos
            notre nos le la les l un une des du de d à a au aux en dans sur pour par avec sans chez
            vers que y cela ça c ce cet cette ces ne n pas plus si ou oui non suis sont ai as ont
            avez être peut pouvez puis t faut merci bonjour svp plaît premier première second
            seconde deuxième troisième autre autres suivant ici là tout tous toute très encore déjà
            lieu lui leur celui celle ceux aussi sinon alors""",
        "aspect": """coût- coûte- prix tarif- frais payer paie paye payant montant euro euros
            argent temps heure heures horaire- délai- durée dure durent longtemps document- papier-
            pièce pièces formulaire- photo- justificatif- valable- valide ouvert- ouvre ferme fermé
            adresse téléphone numéro jour jours semaine semaines mois an ans année années ligne
            rendez attend- attente enfant enfants adulte adultes retraité- étudiant-""",
        "action": """inscri- déclar- demande demander obten- obtien- avoir fournir apport- amener
            aller vais présent- remplir prendre prend déposer envoyer récupérer faire fais fait
            besoin falloir""",
    },
    "pl": {
        "asking": """co czego gdzie dokąd skąd kiedy jak ile kto kogo komu jaki jaka jakie jakich
            jaką który która które których dlaczego czym""",
        "joining": "i a oraz ale",
        "pointing": "on ona ono go ją jego jej ich nim nią nich tego",
        "opening": "czy można trzeba mogę muszę",
        "small": """ja ty on ona ono my wy oni mi mnie mój moja moje mojego mojej mam ma masz nas
            nam nasz się to ten ta te jeden jedna pierwszy pierwsza drugi druga drugie drugiego
            drugiej drugą trzeci trzeciego inny inna innego kolejny następny dla z ze u w we na do
            od po za przy o bez nad pod nie tak że by żeby jeśli jest są być było mogę można możemy
            proszę dziękuję dzień dobry tu tutaj teraz już bardzo dużo tylko też lub albo czy
            wszystko razem go ją je jego jej nim nią tego tam tym""",
        "aspect": """koszt- cena ceny opłat- płac- zapłac- kwota euro pieniądze czas czasu długo
            trwa termin- godzin- otwart- czynn- dokument- papiery papierów formularz- druk zdjęci-
            ważn- adres- telefon- numer dzień dni tydzień tygodni tygodnie miesiąc miesiące
            miesięcy rok roku lat online wynosi czeka- dziecko dzieci dziecka dorosł- emeryt-
            student-""",
        "action": """zarejestr- rejestr- zgłos- zgłasz- złoż- składa- wniosek wniosku otrzym-
            dostać dostanę uzyska- wyrob- załatw- potrzeb- trzeba przynie- wziąć zabrać iść pójść
            zrobić robić umówić wypełn- odebrać podać""",
    },
    "es": {
        "asking": """qué cuánto cuanto cuánta cuanta cuántos cuantos cuántas cuantas dónde donde
            adónde cómo como cuándo cuando quién quien quiénes cuál cual cuáles cuales""",
        "joining": "y e pero además",
        "pointing": "ella ellos ellas ello su sus",
        "opening": "puedo podemos puede hay es tengo debo necesito",
        "small": """yo tú tu él ella le nosotros usted ustedes me mi mis te se su sus nos nuestro
            nuestra un una uno unos unas el la los las lo al del de a en con sin por para sobre
            desde hasta que si no sí o u muy más ya soy son está están ser estar tiene tienen he ha
            han puedo puede hay es este esta esto ese esa gracias hola buenos buenas favor primero
            primera segundo segunda tercero tercer otro otra otros siguiente aquí ahora también
            todo todos mucho eso ello ahí allí entonces""",
        "aspect": """cuest- cost- precio- pago pagar paga pagan euro euros dinero tiempo hora horas
            horario- plazo- tarda duración dura documento- documentación papel papeles formulario-
            foto fotos requisito- válid- abiert- abre abren cierra dirección teléfono número día
            días semana semanas mes meses año años línea online cita esper- tardan niño niños niña
            niñas menores adulto adultos jubilado- estudiante-""",
        "action": """registr- inscrib- inscripción solicit- pido pedir obten- obteng- consig-
            conseg- necesit- hace hacer hago falta llevar llevo ir voy present- tramit- rellen-
            sacar saco dar doy""",
    },
    "it": {
        "asking": """cosa cos quanto quanta quanti quante quant dove dov come com quando chi quale
            quali qual perché""",
        "joining": "e ed ma",
        "pointing": "lui lei esso essa suo sua suoi sue loro",
        "opening": "posso possiamo può devo dobbiamo bisogna è c'è esiste",
        "small": """io tu noi voi loro mi me ti si vi ci ne ciò il lo gli la i le l un uno una del
            dello della dei delle d di a al alla ai alle da dal dalla in nel nella con senza su sul
            per tra fra che c se non no sì o più già molto sono sei siamo siete sta essere ho ha
            hanno abbiamo è c'è può mio mia miei mie suo sua nostro nostra questo questa questi
            primo prima secondo seconda terzo altro altra altri prossimo grazie buongiorno ciao
            favore qui ora tutto tutti solo lui lei esso essa quello quella anche poi invece""",
        "aspect": """cost- prezz- tariff- pago pagare paga pagano euro soldi tempo ora ore orari
            orario scaden- durata dura document- modulo moduli foto requisit- valid- apert- apre
            aprono chius- indirizzo telefono numero giorno giorni settiman- mese mesi anno anni
            online appuntament- aspett- attesa bambino bambini minori adulto adulti pensionat-
            student-""",
        "action": """registr- iscriv- iscri- richied- richiest- domanda ottenere ottengo serve
            servono bisogn- portare porto fare faccio andare vado present- compil- prendere prendo
            prenot- rivolg- avere consegn-""",
    },
    "ro": {
        "asking": "ce cât cat câtă câți cati câte cate unde când cand cum cine cui care",
        "joining": "și dar iar",
        "pointing": "el ea ei ele îl lui său săi sale",
        "opening": "pot putem trebuie este există am",
        "small": """eu tu noi voi mă m mi îmi te se s ne vă le lui un una unu o al a ai ale cel cea
            cei cele de din la pe în cu fără pentru până prin despre către sau nu da să dacă că mai
            foarte mult multe sunt este e fi era am are au avem pot putem aș meu mea mei mele
            nostru noastră acest această prim prima primul doilea doua treilea alt altă alte
            următorul mulțumesc bună salut rog aici acum și tot toate îl el ea ei acesta asta acolo
            acestea apoi""",
        "aspect": """cost- preț- tarif- plăt- euro bani timp ora ore orar- program- termen- durează
            durata document- act acte actele hârtii formular- poză poze foto valabil- deschis-
            închis- adresa telefon- număr zi zile săptămân- lună luni an ani online aștept-
            așteptare copil copii copiii adulți pensionar- student-""",
        "action": """înregistr- înscri- depun- depune cer cere cerere solicit- obțin- primesc iau
            ia trebuie nevoie aduc merg duc fac face complet- declar- lua""",
    },
    "fa": {
        "asking": "چه چی چقدر چند چطور چگونه کجا کجاست کی چرا آیا کدام چیست چیه",
        "joining": "و ولی اما",
        "pointing": "آن اون آنها آنرا اونو",
        "opening": "آیا می‌توانم میتونم باید",
        "small": """من تو او ما شما مرا منو به از در با برای تا را رو که این یک یکی اول دومی دوم
            سومی سوم دیگر بعدی است هست هستم بود باشد باشه دارم دارد داریم دارند می‌توانم میتونم
            می‌خواهم میخوام نه بله لطفا سلام ممنون هم اگر اگه یا خیلی فقط الان اینجا چیزی آن اون
            آنجا اونجا آنها اونو برایش همچنین خب""",
        "aspect": """هزینه- قیمت- پول مبلغ پرداخت- یورو زمان ساعت- مدت طول مهلت مدارک مدارکی مدرک
            سند فرم- عکس- معتبر- اعتبار باز تعطیل آدرس تلفن شماره روز هفته ماه سال آنلاین نوبت وقت
            می‌کشد میکشه صبر بچه بچه‌ها بچه‌ام کودک کودکان بزرگسال بازنشسته- دانشجو-""",
        "action": """ثبت ثبتش درخواست- بگیر- گرفت- می‌گیر- کنم کنیم کنند کرد شود می‌شود می‌شه
            می‌کنم می‌کنند بیاور- بیارم ببرم بروم برم مراجعه- نیاز- دریافت- باید تقاضا- بدم بدهم
            لازم""",
    },
}

# How one asks whether it is the same with something else.
WHAT_ABOUT = (
    "was ist mit",
    "wie ist es mit",
    "wie ist es bei",
    "wie ist das bei",
    "wie sieht es mit",
    "what about",
    "how about",
    "як щодо",
    "що щодо",
    "як бути з",
    "что насчет",
    "как насчет",
    "как быть с",
    "что с",
    "ماذا عن",
    "qu en est il",
    "quid d",
    "co z",
    "jak jest z",
    "qué hay de",
    "qué pasa con",
    "come funziona per",
    "che ne è",
    "cum e cu",
    "cum este cu",
    "cum rămâne cu",
)
