"""Abbreviations whose letters change with the language: Spanish | English | French | beginnings of their full names."""

TABLE = """
ODS | SDG SDGs | ODD | objetivo;sustainable;objectif
ODM | MDG MDGs | OMD | objetivo;millennium;millénaire
CGLU | UCLG | CGLU | ciudades y gobiernos;united cities;cités et gouvernements
ONU NNUU NU | UN | ONU NU | naciones unidas;united nations;nations unies
UE | EU | UE | europe
EEUU EUA USA | US USA | EU USA | estados unidos;united states;états-unis;estadounid;american;américain;dólar;dollar
RU UK | UK | RU UK | reino unido;united kingdom;royaume-uni;británic;british;britannique
ONG ONGs OING | NGO NGOs INGO | ONG OING | no gubernamental;non-governmental;nongovernmental;non gouvernementale
OSC | CSO CSOs | OSC | sociedad civil;civil society;société civile
OMS | WHO | OMS | mundial de la salud;health organization;health organisation;mondiale de la santé
OIT | ILO | OIT | internacional del trabajo;labour;internationale du travail
OMC | WTO | OMC | mundial del comercio;trade organi;mondiale du commerce
FMI | IMF | FMI | monetario;monetary;monétaire
BM | WB | BM | banco mundial;world bank;banque mondiale
OTAN | NATO | OTAN | atlántico norte;north atlantic;atlantique nord
OCDE | OECD | OCDE | cooperación y el desarrollo;cooperation and development;coopération et de développement
OMM | WMO | OMM | meteorol;météorol
OMT | UNWTO | OMT | turismo;tourism
OMPI | WIPO | OMPI | propiedad intelectual;intellectual property;propriété intellectuelle
OIM | IOM | OIM | migracion;migration
ACNUR | UNHCR | HCR | refugiad;refugee;réfugié
ACNUDH | OHCHR | HCDH | derechos humanos;human rights;droits de l'homme
PNUD | UNDP | PNUD | para el desarrollo;development programme;pour le développement
PNUMA | UNEP | PNUE | medio ambiente;environment;environnement
ONUSIDA | UNAIDS | ONUSIDA | sida;aids
OIEA | IAEA | AIEA | energía atómica;atomic;énergie atomique
OACI | ICAO | OACI | aviación;aviation
OMI | IMO | OMI | marítim;maritim
FIDA | IFAD | FIDA | fondo internacional de desarrollo agr;agricultural development;développement agricole
PMA | WFP | PAM | mundial de alimentos;world food;alimentaire mondial
UIT | ITU | UIT | telecomunicac;telecommunic;télécommunic
UPU | UPU | UPU | postal
ONUDI | UNIDO | ONUDI | industrial;industriel
CEPAL | ECLAC | CEPALC | américa latina;latin america;amérique latine
CEPE | UNECE ECE | CEE | económica para europa;commission for europe;économique pour l'europe
CEPA | ECA UNECA | CEA | áfrica;africa;afrique
CESPAP | ESCAP | CESAP | asia;asie
CMNUCC | UNFCCC | CCNUCC | convención marco;framework convention;convention-cadre
IPCC GIECC | IPCC | GIEC | cambio climático;climate change;évolution du climat
CDB | CBD | CDB | diversidad biológica;biological diversity;diversité biologique
CNULD | UNCCD | CNULCD | desertificación;desertification;désertification
RRD | DRR | RRC | riesgo de desastre;disaster risk;risques de catastrophe
GEI | GHG GHGs | GES | efecto invernadero;greenhouse;effet de serre
PIB | GDP | PIB | producto interno;producto interior;gross domestic;produit intérieur
PNB | GNP | PNB | producto nacional;gross national product;produit national
INB RNB | GNI | RNB | ingreso nacional;renta nacional;gross national income;revenu national
IDH | HDI | IDH | desarrollo humano;human development;développement humain
AOD | ODA | APD | oficial para el desarrollo;official development;publique au développement
IED | FDI | IDE | inversión extranjera;foreign direct;investissement
CAD | DAC | CAD | ayuda al desarrollo;development assistance;aide au développement
TIC TICs | ICT ICTs | TIC | tecnologías de la información;information and communic;technologies de l'information
IA | AI | IA | inteligencia artificial;artificial intelligence;intelligence artificielle
VIH | HIV | VIH | inmunodeficiencia;immunodeficiency;immunodéficience
SIDA | AIDS | SIDA sida | sida
ITS | STI STIs | IST | transmisión sexual;sexually;sexuellement
ETS | STD STDs | MST | transmisión sexual;sexually;sexuellement
PYME PYMES pyme pymes MIPYME mipymes | SME SMEs MSME MSMEs | PME MPME | pequeñas y;small and medium;petites et
APP | PPP PPPs | PPP | público-privad;public-private;public–private
PPA | PPP | PPA | adquisitiv;purchasing power;pouvoir d'achat
I+D | R&D | R-D | investigación;research;recherche
PMD PMA | LDC LDCs | PMA | menos adelantados;least developed;moins avancés
PEID | SIDS | PEID | pequeños estados insulares;small island;petits états insulaires
LGTBI LGBTI LGBTIQ LGTBIQ LGTB LGBT | LGBTI LGBTIQ LGBT LGBTQ LGBTQI | LGBTI LGBTQI LGBT LGBTQ LGBTIQ |
DESC | ESCR | DESC | económicos, sociales;economic, social;économiques, sociaux
DUDH | UDHR | DUDH | declaración universal;universal declaration;déclaration universelle
PIDCP | ICCPR | PIDCP | civiles y políticos;civil and political;civils et politiques
PIDESC | ICESCR | PIDESC | económicos, sociales;economic, social;économiques, sociaux
CEDAW | CEDAW | CEDAW CEDEF | mujer;women;femmes
CDN CRC | CRC | CDE CIDE | derechos del niño;rights of the child;droits de l'enfant
CPI | ICC | CPI | corte penal;criminal court;cour pénale
CIJ | ICJ | CIJ | internacional de justicia;court of justice;internationale de justice
TEDH | ECHR ECtHR | CEDH | derechos humanos;human rights;droits de l'homme
CADH | ACHR | CADH | americana sobre derechos;american convention;américaine
CIDH | IACHR | CIDH | interamericana;inter-american;interaméricaine
OEA | OAS | OEA | estados americanos;american states;états américains
UA | AU | UA | unión africana;african union;union africaine
BCE | ECB | BCE | banco central;central bank;banque centrale
BEI | EIB | BEI | europeo de inversiones;european investment;européenne d'investissement
BID | IDB IADB | BID | interamericano de desarrollo;american development bank;interaméricaine
BAfD BAD | AfDB ADB | BAfD BAD | banco africano;african development;banque africaine
BERD | EBRD | BERD | reconstrucción;reconstruction
OSCE | OSCE | OSCE | seguridad;security;sécurité
CPLRE CPLR | CLRAE | CPLRE | poderes locales;local and regional;pouvoirs locaux
CMRE | CEMR | CCRE | municipios y regiones de europa;municipalities and regions;communes et régions
CDR CdR | CoR | CdR | comité de las regiones;committee of the regions;comité des régions
CICR | ICRC | CICR | cruz roja;red cross;croix-rouge
GIRH | IWRM | GIRE | recursos hídricos;water resources;ressources en eau
ASH WASH | WASH | EAH WASH | saneamiento;sanitation;assainissement
DPI | IPR IPRs | DPI | propiedad intelectual;intellectual property;propriété intellectuelle
EPP | PPE | EPI | protección;protective;protection
RSE RSC | CSR | RSE | responsabilidad social;social responsibility;responsabilité soci
ADN | DNA | ADN | desoxirrib;deoxyrib;désoxyrib
SIG | GIS | SIG | información geográfica;geographic information;information géographique
RGPD | GDPR | RGPD | protección de datos;data protection;protection des données
FIP | PIF | FIP | islas del pacífico;pacific islands;îles du pacifique
NUA | NUA | NPV NPVU | nueva agenda urbana;new urban agenda;programme pour les villes
CND NDC | NDC NDCs | CDN | determinadas a nivel nacional;nationally determined;déterminées au niveau national
PAN PNA | NAP NAPs | PNA | nacional de adaptación;national adaptation;national d'adaptation
CCI | ITC | ITC CCI | centro de comercio;trade centre;centre du commerce
UNCTAD | UNCTAD | CNUCED | comercio y desarrollo;trade and development;commerce et le développement
UNFPA | UNFPA | UNFPA FNUAP | población;population
CESCR CDESC | CESCR | CODESC CDESC |
FMDV | FMDV | FMDV |
"""
