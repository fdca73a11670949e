//! What people are called. Plain ASCII, for addresses; no name is in both lists, so that their order can be told.

/// First names.
pub const FIRST: &str = "\
    aaron abena ada adam adele agnes ahmed aiko aisha akira alan alba alejandra alena alexei alice alma amara amelia amina \
    amir ana anders andrea andrzej anika anita anja anna annika anton arjun arthur asha astrid ayse beatriz bela benjamin \
    bianca birgit bjorn blanca bogdan boris brigitte bruno camila carla carlos carmen cecilia celine chiara chidi \
    chinua claire clara conor daan dalia dana daniela dario deepa diego dimitri dina dora edith eduardo eero \
    elena elias elif elisa ella elsa emeka emil emma enzo erika esther eva evelyn ewa farah fatima felix filip fiona \
    florian francesca frida gabriela genevieve georgi gerda gina giulia goran greta gudrun gustav hana hanna harald haruto \
    hassan heidi helga helmut hiroshi hugo ibrahim ida ignacio ilse imani imre ines ingrid irina isabel ismail ivana jana \
    janek jasmin javier jelena jiro joana johanna jonas jorge josefine judit jukka julia kaito kamal karin kasia katarina \
    kemal kenji kerstin kofi krystyna kwame laila lars laszlo laura leila lena leonie leyla liam lidia linh linnea lisa \
    lorenzo lotte lucia ludmila luis magda maja malik manuela marek margarida mariam marie marta mateo mathilde matilda \
    maxime mehmet mei mercy miguel mika milan mina mira mirjam mohamed monika musa nadia naoko natalia neha nele nikolai \
    nils nina noah nora odette oksana ola oleg olga olivia omar orla oscar otto pablo paolo patricia paula pavel pedro \
    petra philippa pilar priya rafael rania rashid ravi regina renata ricardo rita roberta rosa ruben ruth sakura salma \
    samira sanjay sara selma sena sergei shanti silvia simone sofia solveig stefan sunita susanne sven svetlana tadeusz \
    takumi tamar tariq tatiana teodora teresa thandiwe theo tiago tomas tove ulrike uma ursula valentina vera viktor vilma \
    vincent wanjiru wiebke xavier yara yasmin yuki yusuf zainab zeynep zita zofia zuzana";

/// Last names.
pub const LAST: &str = "\
    abadi abe abrahamsen achterberg adeyemi aguilar ahlgren akhtar albrecht almeida alvarez andersson andrade antonov \
    aoki arslan asante aydin baker balogun banerjee barbosa bauer becker bello benali berg bernard bianchi bishop blom \
    bondarenko borges boucher brandt brown brunner budi cabrera campbell caruso castillo celik chandra chen christensen cohen \
    collins conti cooper correia costa cruz cunha dahl danso das delgado demir desai dias diaz dietrich dimitrova \
    dubois dupont duran dvorak eder edwards egger ekwueme eriksen esposito evans farkas fernandez ferrari fischer fleming \
    fofana fontaine forsberg fournier franke frei fuchs fujita gallo garcia garnier gauthier gonzalez graf greco green gruber \
    guerrero gunther haas hagen hakala halvorsen hansen hara harris hartmann hayashi heikkinen hernandez herzog hoang hoffmann \
    holm horvath huang huber hughes ibarra ibekwe inoue ivanova jackson jansen jensen jimenez johansson jones joshi jung \
    kaminski kang kapoor karlsson kato kaya keita keller khan kiplagat klein koch kovacs kowalski kraus kruger kumar kuznetsov \
    lang larsen lefevre lehmann leroy lewandowski lim lindberg lindholm lombardi lopes lozano ludwig lund maeda maier makinen \
    malhotra mancini mansour marchetti markovic martins mbeki mehta meier mendes mensah mertens meyer mishra mitchell molina \
    moreau moreno mori morris mueller murphy mwangi nagy nair nakamura navarro ndiaye neumann nguyen nielsen nkosi nordin \
    novak nowak nwosu obi ochoa odhiambo okafor okeke olsen omondi ono ortega osei owusu ozturk park patel pavlova \
    pereira perrin petrov pham pinto popescu pospisil prasad prochazka qureshi rahman ramirez rao rasmussen reddy reyes ribeiro \
    richter rinaldi rivera roberts rojas romano rossi roux ruiz saito salazar sanchez santos sato schaefer schmidt schneider \
    schulz schwarz seidel sharma shevchenko silva simonsen singh sokolov sorensen soto stein steiner stewart stoica suarez \
    suzuki svoboda szabo takahashi tanaka tavares taylor thapa thompson toth tran turner ueda unger urban usman vaclavik \
    valencia varga vasquez vega virtanen vogel volkov wagner walker wang watanabe weber weiss werner white winkler wolf wong \
    wood wright yamada yamamoto yang yilmaz young zamora zhang zhou ziegler zimmermann zlatkov";

/// Where people have their mail: reserved names (RFC 2606), so that none of it ever reaches anybody.
pub const DOMAINS: &str = "\
    example.com mail.example.com office.example.com example.org post.example.org example.net home.example.net harbour.example \
    north.example university.example library.example studio.example clinic.example freight.example museum.example orchard.example";
