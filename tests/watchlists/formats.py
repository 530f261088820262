"""Small lists in the formats of their publishers, after their published schemas: names, numbers and addresses are invented."""

# ruff: noqa: E501 - rows are as long as the publishers make them

CSL_HEADER = "_id,source,entity_number,type,programs,name,title,addresses,federal_register_notice,start_date,end_date,standard_order,license_requirement,license_policy,call_sign,vessel_type,gross_tonnage,gross_registered_tonnage,vessel_flag,vessel_owner,remarks,source_list_url,alt_names,citizenships,dates_of_birth,nationalities,places_of_birth,source_information_url,ids"
CSL_CSV = f"""\
{CSL_HEADER}
"901","Specially Designated Nationals (SDN) - Treasury Department","901","Entity","RUSSIA-EO14024; SDGT","NORTH QUAY LOGISTICS LLC","","Office 5, 12 Chuy Avenue, Bishkek, 720000, KG; RU","","","","","","","","","","","","","","","NORTH QUAY; OSOO NORTH QUAY","","","","","","Tax ID No., 0123456789, KG; Website, quay.example; Email Address, a@quay.example; SWIFT/BIC, NOQUKG22"
"a1b2","Entity List (EL) - Bureau of Industry and Security","","","","Blue Fen Instruments","","Hall 3,
Industrial Zone, Shenzhen, CN","89 FR 1","2024-05-01","","","For all items subject to the EAR","Presumption of denial","","","","","","","","","","","","","","",""
"902","Specially Designated Nationals (SDN) - Treasury Department","902","Individual","SDGT","EXAMPLOV, Pyotr","Director","","","","","","","","","","","","","","","","","RU","1970-02-03; 1971","BY","Minsk, Belarus","","Passport, 4509 123456, RU; Gender, Male"
"""
CSL_JSON = """\
{"total": 2, "sources": [], "results": [
 {"id": "901", "name": "NORTH QUAY LOGISTICS LLC", "source": "Specially Designated Nationals (SDN) - Treasury Department", "entity_number": "901", "type": "Entity",
  "programs": ["RUSSIA-EO14024", "SDGT"], "alt_names": ["NORTH QUAY", "OSOO NORTH QUAY"], "start_date": null,
  "addresses": [{"address": "Office 5, 12 Chuy Avenue", "city": "Bishkek", "state": null, "postal_code": "720000", "country": "KG"}, {"country": "RU"}],
  "ids": [{"type": "Tax ID No.", "number": "0123456789", "country": "KG"}, {"type": "Website", "number": "quay.example"}, {"type": "Email Address", "number": "a@quay.example"}, {"type": "SWIFT/BIC", "number": "NOQUKG22"}]},
 {"id": "a1b2", "name": "Blue Fen Instruments", "source": "Entity List (EL) - Bureau of Industry and Security", "alt_names": [], "programs": null, "start_date": "2024-05-01",
  "addresses": [{"address": "Hall 3, Industrial Zone", "city": "Shenzhen", "country": "CN"}]}
]}
"""

EU_XML = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-08-05T16:47:04.449+02:00" globalFileId="1">
 <sanctionEntity designationDate="2022-02-25" unitedNationId="" euReferenceNumber="EU.9001.1" logicalId="11">
  <remark>Invented &amp;amp; remarked</remark>
  <regulation regulationType="amendment" publicationDate="2022-02-25" numberTitle="2022/0 (OJ L1)" programme="UKR" logicalId="1"><publicationUrl>https://example.test</publicationUrl></regulation>
  <subjectType code="person" classificationCode="P"/>
  <nameAlias firstName="Pyotr" middleName="" lastName="Examplov" wholeName="Pyotr Examplov" function="Director" strong="true" logicalId="2"/>
  <nameAlias wholeName="Пётр Примеров" nameLanguage="RU" strong="true" logicalId="3"/>
  <nameAlias wholeName="Petya" strong="false" logicalId="4"/>
  <citizenship countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION" logicalId="5"/>
  <birthdate circa="false" birthdate="1970-02-03" dayOfMonth="3" monthOfYear="2" year="1970" city="Minsk" countryIso2Code="BY" logicalId="6"/>
  <birthdate circa="true" yearRangeFrom="1969" yearRangeTo="1971" logicalId="7"/>
  <address city="Moscow" street="1 Test Lane" zipCode="101000" poBox="" region="" place="" countryIso2Code="RU" countryDescription="RUSSIAN FEDERATION" logicalId="8"><contactInfo key="EMAIL" value="p@example.test"/></address>
  <address countryIso2Code="00" countryDescription="UNKNOWN" logicalId="9"/>
  <identification number="4509 123456" latinNumber="" identificationTypeCode="passport" countryIso2Code="00" countryDescription="UNKNOWN" logicalId="10"/>
 </sanctionEntity>
 <sanctionEntity logicalId="12"><subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="Blue Fen GmbH" strong="true"/></sanctionEntity>
</export>
"""
EU_CSV = '''\
fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_UnitedNationId;Entity_DesignationDate;Entity_DesignationDetails;Entity_Remark;Entity_SubjectType;Entity_SubjectType_ClassificationCode;Entity_Regulation_NumberTitle;Entity_Regulation_Programme;NameAlias_LastName;NameAlias_FirstName;NameAlias_MiddleName;NameAlias_WholeName;NameAlias_Function;Address_City;Address_Street;Address_ZipCode;Address_CountryIso2Code;Address_CountryDescription;BirthDate_BirthDate;BirthDate_Year;BirthDate_YearRangeFrom;BirthDate_YearRangeTo;Identification_Number;Identification_LatinNumber;Citizenship_CountryIso2Code
05/08/2026;11;EU.9001.1;;2022-02-25;;Invented & remarked;P;person;2022/0 (OJ L1);UKR;Examplov;Pyotr;;Pyotr Examplov;Director;;;;;;;;;;;;
05/08/2026;11;EU.9001.1;;2022-02-25;;Invented & remarked;P;person;2022/0 (OJ L1);UKR;;;;"Пётр ""Примеров""";;;;;;;;;;;;;
05/08/2026;11;EU.9001.1;;2022-02-25;;Invented & remarked;P;person;2022/0 (OJ L1);UKR;;;;;;Moscow;1 Test Lane;101000;RU;RUSSIAN FEDERATION;;;;;;;
05/08/2026;11;EU.9001.1;;2022-02-25;;Invented & remarked;P;person;2022/0 (OJ L1);UKR;;;;;;;;;00;UNKNOWN;1970-02-03;1970;;;4509 123456;;RU
05/08/2026;12;;;;;;E;enterprise;;;;;;Blue Fen GmbH;;;;;;;;;;;;;
'''

OFAC_XML = """<?xml version="1.0" standalone="yes"?>
<sdnList xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/XML">
 <publshInformation><Publish_Date>09/10/2026</Publish_Date><Record_Count>2</Record_Count></publshInformation>
 <sdnEntry><uid>101</uid><lastName>MERIDIAN FREIGHT LIMITED</lastName><sdnType>Entity</sdnType><remarks>(Linked To: NOBODY)</remarks>
  <programList><program>RUSSIA-EO14024</program><program>SDGT</program></programList>
  <idList><id><uid>1</uid><idType>Tax ID No.</idType><idNumber>7701234567</idNumber><idCountry>Russia</idCountry></id><id><uid>2</uid><idType>Secondary sanctions risk:</idType><idNumber>section 1 of 13224</idNumber></id></idList>
  <akaList><aka><uid>3</uid><type>a.k.a.</type><category>strong</category><lastName>MERIDIAN FRAKHT OOO</lastName></aka><aka><uid>4</uid><type>a.k.a.</type><category>weak</category><lastName>MERFRE</lastName></aka></akaList>
  <addressList><address><uid>5</uid><address1>5 Lesnaya Street</address1><city>Moscow</city><postalCode>127055</postalCode><country>Russia</country></address></addressList>
 </sdnEntry>
 <sdnEntry><uid>102</uid><firstName>Pavel</firstName><lastName>IVANENKO</lastName><title>Director</title><sdnType>Individual</sdnType>
  <programList><program>CYBER2</program></programList>
  <nationalityList><nationality><uid>6</uid><country>Belarus</country><mainEntry>true</mainEntry></nationality></nationalityList>
  <dateOfBirthList><dateOfBirthItem><uid>7</uid><dateOfBirth>20 May 1985</dateOfBirth><mainEntry>true</mainEntry></dateOfBirthItem></dateOfBirthList>
 </sdnEntry>
</sdnList>
"""

OFAC_ADVANCED = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ADVANCED_XML">
 <DateOfIssue CalendarTypeID="1"><Year>2026</Year><Month>9</Month><Day>10</Day></DateOfIssue>
 <ReferenceValueSets>
  <AreaCodeValues><AreaCode ID="1" CountryID="1" Description="Russia">RU</AreaCode></AreaCodeValues>
  <CountryValues><Country ID="11" ISO2="RU">Russia</Country><Country ID="12" ISO2="BY">Belarus</Country></CountryValues>
  <DetailReferenceValues><DetailReference ID="90">Male</DetailReference></DetailReferenceValues>
  <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="10">Nationality Country</FeatureType><FeatureType ID="25">Location</FeatureType><FeatureType ID="224">Gender</FeatureType><FeatureType ID="21">Email Address</FeatureType></FeatureTypeValues>
  <IDRegDocTypeValues><IDRegDocType ID="1596">Tax ID No.</IDRegDocType></IDRegDocTypeValues>
  <LegalBasisValues><LegalBasis ID="7">Executive Order 14024</LegalBasis></LegalBasisValues>
  <ListValues><List ID="1550">SDN List</List></ListValues>
  <LocPartTypeValues><LocPartType ID="1451">ADDRESS1</LocPartType><LocPartType ID="1454">CITY</LocPartType></LocPartTypeValues>
  <NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType><NamePartType ID="1525">Entity Name</NamePartType></NamePartTypeValues>
  <PartySubTypeValues><PartySubType ID="3" PartyTypeID="2">Unknown</PartySubType><PartySubType ID="4" PartyTypeID="1">Unknown</PartySubType></PartySubTypeValues>
  <PartyTypeValues><PartyType ID="1">Individual</PartyType><PartyType ID="2">Entity</PartyType></PartyTypeValues>
  <SanctionsTypeValues><SanctionsType ID="1">Program</SanctionsType><SanctionsType ID="2">Block</SanctionsType></SanctionsTypeValues>
 </ReferenceValueSets>
 <Locations><Location ID="26"><LocationCountry CountryID="11"/><LocationPart LocPartTypeID="1451"><LocationPartValue Primary="true"><Value>5 Lesnaya Street</Value></LocationPartValue></LocationPart><LocationPart LocPartTypeID="1454"><LocationPartValue Primary="true"><Value>Moscow</Value></LocationPartValue></LocationPart></Location></Locations>
 <IDRegDocuments><IDRegDocument ID="2" IDRegDocTypeID="1596" IdentityID="71" IssuedBy-CountryID="11"><IDRegistrationNo>7701234567</IDRegistrationNo></IDRegDocument></IDRegDocuments>
 <DistinctParties>
  <DistinctParty FixedRef="101"><Comment/><Profile ID="101" PartySubTypeID="3"><Identity ID="71" FixedRef="101" Primary="true" False="false">
   <Alias FixedRef="101" AliasTypeID="1400" Primary="false" LowQuality="true"><DocumentedName ID="1"><DocumentedNamePart><NamePartValue NamePartGroupID="701">MERFRE</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
   <Alias FixedRef="101" AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="2"><DocumentedNamePart><NamePartValue NamePartGroupID="701" ScriptID="215">MERIDIAN FREIGHT LIMITED</NamePartValue></DocumentedNamePart></DocumentedName><DocumentedName ID="3"><DocumentedNamePart><NamePartValue NamePartGroupID="701" ScriptID="220">МЕРИДИАН ФРАХТ</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
   <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="701" NamePartTypeID="1525"/></MasterNamePartGroup></NamePartGroups></Identity>
   <Feature ID="1" FeatureTypeID="25"><FeatureVersion ID="2"><VersionLocation LocationID="26"/></FeatureVersion></Feature>
   <Feature ID="3" FeatureTypeID="21"><FeatureVersion ID="4"><VersionDetail DetailTypeID="1432">office@meridian.example</VersionDetail></FeatureVersion></Feature>
  </Profile></DistinctParty>
  <DistinctParty FixedRef="102"><Profile ID="102" PartySubTypeID="4"><Identity ID="72" Primary="true">
   <Alias AliasTypeID="1403" Primary="true" LowQuality="false"><DocumentedName ID="4"><DocumentedNamePart><NamePartValue NamePartGroupID="711">IVANENKO</NamePartValue></DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="712">Pavel</NamePartValue></DocumentedNamePart></DocumentedName></Alias>
   <NamePartGroups><MasterNamePartGroup><NamePartGroup ID="711" NamePartTypeID="1520"/></MasterNamePartGroup><MasterNamePartGroup><NamePartGroup ID="712" NamePartTypeID="1521"/></MasterNamePartGroup></NamePartGroups></Identity>
   <Feature ID="5" FeatureTypeID="8"><FeatureVersion ID="6"><DatePeriod><Start><From><Year>1985</Year><Month>5</Month><Day>20</Day></From><To><Year>1985</Year><Month>5</Month><Day>20</Day></To></Start><End><From><Year>1985</Year><Month>5</Month><Day>20</Day></From><To><Year>1985</Year><Month>5</Month><Day>20</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="7" FeatureTypeID="8"><FeatureVersion ID="8"><DatePeriod><Start><From><Year>1984</Year><Month>1</Month><Day>1</Day></From></Start><End><To><Year>1984</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="9" FeatureTypeID="224"><FeatureVersion ID="10"><VersionDetail DetailTypeID="1431" DetailReferenceID="90"/></FeatureVersion></Feature>
  </Profile></DistinctParty>
 </DistinctParties>
 <SanctionsEntries>
  <SanctionsEntry ID="1" ProfileID="101" ListID="1550"><EntryEvent ID="1" LegalBasisID="7"><Date><Year>2022</Year><Month>3</Month><Day>4</Day></Date></EntryEvent><SanctionsMeasure ID="1" SanctionsTypeID="2"><Comment/></SanctionsMeasure><SanctionsMeasure ID="2" SanctionsTypeID="1"><Comment>RUSSIA-EO14024</Comment></SanctionsMeasure></SanctionsEntry>
  <SanctionsEntry ID="2" ProfileID="102" ListID="1550"><SanctionsMeasure ID="3" SanctionsTypeID="1"><Comment>CYBER2</Comment></SanctionsMeasure></SanctionsEntry>
 </SanctionsEntries>
</Sanctions>
"""

UK_CSV = """\
Report Date: 23-Sep-2026
Last Updated,Unique ID,OFSI Group ID,UN Reference Number,Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Name type,Alias strength,Title,Name non-latin script,Regime Name,Designation Type,Designation source,Sanctions Imposed,Other Information,UK Statement of Reasons,Address Line 1,Address Line 6,Address Postal Code,Address Country,Phone number,Email address,Date Designated,D.O.B,Nationality(/ies),National Identifier number,Passport number,Business registration number (s),IMO number,Current believed flag of ship
21/09/2026,RUS9001,19001,,PETYA,,,,,,Alias,Low quality a.k.a,,,Russia,Individual,UK,Asset freeze|Travel Ban,,,,,,,,,25/02/2022,03/02/1970,Russia,,,,,
21/09/2026,RUS9001,19001,,EXAMPLOV,Pyotr,Ivanovich,,,,Primary Name,,,Пётр Примеров,Russia,Individual,UK,Asset freeze|Travel Ban,,"Owns &quot;Blue Fen&quot;",1 Test Lane,Moscow,101000,Russia,+7 495 000 00 00,p@example.test,25/02/2022,dd/mm/1971,Russia,,4509 123456,,,
21/09/2026,RUS9002,19002,,SEA EXAMPLE,,,,,,Primary Name,,,,Russia,Ship,UK,Shipping sanctions,,,,,,,,,13/06/2024,,,,,,IMO9074729,Gabon
"""
OFSI_CSV = """\
Last Updated,03/06/2025
Name 6,Name 1,Name 2,Name 3,Name 4,Name 5,Title,Name Non-Latin Script,Non-Latin Script Type,Non-Latin Script Language,DOB,Town of Birth,Country of Birth,Nationality,Passport Number,Passport Details,National Identification Number,National Identification Details,Position,Address 1,Address 2,Address 3,Address 4,Address 5,Address 6,Post/Zip Code,Country,Other Information,Group Type,Alias Type,Alias Quality,Regime,Listed On,UK Sanctions List Date Designated,Last Updated,Group ID
EXAMPLOV,Pyotr,,,,,,Пётр Примеров,,,(1) 03/02/1970. (2) 00/00/1971.,Minsk,Belarus,(1) Russia. (2) Belarus,(1) 4509 123456 (2) 4510 654321,,,,Director,1 Test Lane,,,,,Moscow,101000,Russia,,Individual,Primary name,,Russia,25/02/2022,25/02/2022,03/06/2025,19001
PETYA,,,,,,,,,,,,,,,,,,,,,,,,,,,,Individual,AKA,Low,Russia,25/02/2022,25/02/2022,03/06/2025,19001
"""
UK_XML = """<?xml version="1.0" encoding="utf-8"?>
<Designations xmlns:xsd="http://www.w3.org/2001/XMLSchema"><DateGenerated>23/09/2026</DateGenerated>
 <Designation><LastUpdated>21/09/2026</LastUpdated><DateDesignated>25/02/2022</DateDesignated><UniqueID>RUS9001</UniqueID><OFSIGroupID>19001</OFSIGroupID>
  <Names><Name><Name6>PETYA</Name6><NameType>Alias</NameType><AliasStrength>Low quality a.k.a</AliasStrength></Name><Name><Name1>Pyotr</Name1><Name2>Ivanovich</Name2><Name6>EXAMPLOV</Name6><NameType>Primary Name</NameType></Name></Names>
  <NonLatinNames><NonLatinName><NameNonLatinScript>Пётр Примеров</NameNonLatinScript></NonLatinName></NonLatinNames>
  <RegimeName>Russia</RegimeName><IndividualEntityShip>Individual</IndividualEntityShip><SanctionsImposed>Asset freeze|Travel Ban</SanctionsImposed><UKStatementofReasons>Owns &amp;quot;Blue Fen&amp;quot;</UKStatementofReasons>
  <Addresses><Address><AddressLine1>1 Test Lane</AddressLine1><AddressLine6>Moscow</AddressLine6><AddressPostalCode>101000</AddressPostalCode><AddressCountry>Russia</AddressCountry></Address></Addresses>
  <PhoneNumbers><PhoneNumber>+7 495 000 00 00</PhoneNumber></PhoneNumbers><EmailAddresses><EmailAddress>p@example.test</EmailAddress></EmailAddresses>
  <IndividualDetails><Individual><DOBs><DOB>03/02/1970</DOB><DOB>dd/mm/1971</DOB></DOBs><Nationalities><Nationality>Russia</Nationality></Nationalities><PassportDetails><Passport><PassportNumber>4509 123456</PassportNumber></Passport></PassportDetails></Individual></IndividualDetails>
 </Designation>
 <Designation><UniqueID>RUS9002</UniqueID><Names><Name><Name6>SEA EXAMPLE</Name6><NameType>Primary Name</NameType></Name></Names><RegimeName>Russia</RegimeName><IndividualEntityShip>Ship</IndividualEntityShip>
  <ShipDetails><Ship><IMONumbers><IMONumber>IMO9074729</IMONumber></IMONumbers><CurrentBelievedFlagOfShips><CurrentBelievedFlagOfShip>Gabon</CurrentBelievedFlagOfShip></CurrentBelievedFlagOfShips></Ship></ShipDetails></Designation>
</Designations>
"""

CANADA = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<data-set xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <record><Country>Ukraine</Country><LastName>Examplov</LastName><GivenName>Pyotr</GivenName><Aliases>Piotr Examplov, Russian: Пётр Примеров</Aliases><DateOfBirthOrShipBuildDate>1970-02-03</DateOfBirthOrShipBuildDate><Schedule>1, Part 1</Schedule><Item>1</Item><DateOfListing>2022-02-24</DateOfListing></record>
 <record><Country>Russia / Russie</Country><EntityOrShip>Blue Fen Works/Usine Blue Fen</EntityOrShip><Aliases>Blue Fen Co., Ltd, Bureau of Works, fens and bogs, BF Works, Russian: Синяя Топь or ООО Топь</Aliases><Schedule>1, Part 2</Schedule><Item>2</Item></record>
 <record><Country>Russia / Russie</Country><TitleOrShip>Oil Tanker</TitleOrShip><EntityOrShip>SEA EXAMPLE</EntityOrShip><ShipIMONumber>9074729</ShipIMONumber><DateOfBirthOrShipBuildDate>1999</DateOfBirthOrShipBuildDate><Schedule>1, Part 2</Schedule><Item>2</Item></record>
</data-set>
"""
CANADA_BEFORE = """<?xml version="1.0"?>
<data-set><record><Country>Belarus / Bélarus</Country><Entity>Blue Fen Works</Entity><Schedule>N/A</Schedule><Item>7</Item></record>
<record><Country>Belarus / Bélarus</Country><LastName>Examplov</LastName><GivenName>Pyotr</GivenName><DateOfBirth>03-02-1970</DateOfBirth><Item>8</Item></record></data-set>
"""

SECO = """<?xml version="1.0" encoding="UTF-8"?>
<swiss-sanctions-list list-type="whole-list" date="2026-08-27">
 <sanctions-program ssid="20" version-date="2026-05-21"><program-key lang="ger">Belarus</program-key><program-key lang="eng">Belarus</program-key><sanctions-set ssid="4387" lang="eng">article 12</sanctions-set></sanctions-program>
 <target ssid="900"><sanctions-set-id>4387</sanctions-set-id><foreign-identifier>1</foreign-identifier>
  <individual sex="male"><identity ssid="901" main="true">
    <name ssid="902" name-type="alias" quality="low"><name-part order="1" name-part-type="whole-name"><value>Petya</value></name-part></name>
    <name ssid="903" name-type="primary-name" quality="good"><name-part order="2" name-part-type="given-name"><value>Pyotr</value><spelling-variant lang="rus" script="CYRL">Пётр</spelling-variant></name-part><name-part order="1" name-part-type="family-name"><value>Examplov</value><spelling-variant script="LATN">Examplow</spelling-variant><spelling-variant lang="rus" script="CYRL">Примеров</spelling-variant></name-part><name-part order="3" name-part-type="title"><value>Dr.</value></name-part></name>
    <day-month-year day="3" month="2" year="1970"/><nationality><country iso-code="BY">Belarus</country></nationality>
    <address place-id="950"><address-details>1 Test Lane</address-details></address>
    <identification-document document-type="passport"><number>MP1234567</number><issuer code="BY">Belarus</issuer></identification-document></identity>
   <other-information>Tax Registration Number: 7701234567</other-information><other-information>E-mail address: p@example.test</other-information><justification>Invented.</justification></individual>
  <modification modification-type="amended" effective-date="2024-01-01"><added><individual><identity><name name-type="primary-name"><name-part order="1" name-part-type="whole-name"><value>Other</value></name-part></name></identity></individual></added></modification>
  <modification modification-type="de-listed" effective-date="2016-03-01"/><modification modification-type="listed" effective-date="2022-03-16"/></target>
 <target ssid="910"><sanctions-set-id>4387</sanctions-set-id><entity><identity main="true"><name name-type="primary-name"><name-part order="1" name-part-type="whole-name"><value>Gone Works</value></name-part></name></identity></entity>
  <modification modification-type="de-listed" effective-date="2023-01-01"/><modification modification-type="listed" effective-date="2020-01-01"/></target>
 <target ssid="920"><object object-type="vessel"><identity main="true"><name name-type="primary-name"><name-part order="1" name-part-type="whole-name"><value>Sea Example</value></name-part></name></identity><other-information>IMO Number: 9074729</other-information></object><modification modification-type="listed" effective-date="2024-06-01"/></target>
 <place ssid="950"><location>Minsk</location><country iso-code="BY">Belarus</country></place>
</swiss-sanctions-list>
"""

FTM = """\
{"id":"x-1","caption":"Pyotr Examplov","schema":"Person","referents":[],"datasets":["example_list"],"target":true,"last_change":"2026-03-01T00:00:00","properties":{"name":["Pyotr Examplov"],"alias":["Пётр Примеров"],"weakAlias":["Petya"],"nationality":["ru"],"birthDate":["1970-02-03"],"passportNumber":["4509123456"],"addressEntity":["addr-1"],"email":["p@example.test"],"notes":["Owns &quot;Blue Fen&quot;"]}}
{"id":"addr-1","caption":"1 Test Lane","schema":"Address","datasets":["example_list"],"target":false,"properties":{"full":["1 Test Lane, Moscow"],"country":["ru"]}}
{"id":"s-1","caption":"Programme","schema":"Sanction","datasets":["example_list"],"target":false,"properties":{"entity":["x-1"],"program":["EU.UKR"],"startDate":["2022-02-25"],"reason":["Invented."]}}
{"id":"x-2","caption":"Blue Fen LLC","schema":"Company","datasets":["example_list"],"target":true,"last_change":"2026-02-01T00:00:00","properties":{"name":["Blue Fen LLC"],"registrationNumber":["123456"]}}
{"id":"r-1","caption":"A relative","schema":"Person","datasets":["example_list"],"target":false,"properties":{"name":["A Relative"]}}
"""
NESTED = """\
{"id":"x-1","caption":"Pyotr Examplov","schema":"Person","datasets":["example_list"],"target":true,"last_change":"2026-03-01T00:00:00","properties":{"name":["Pyotr Examplov"],"alias":["Пётр Примеров"],"weakAlias":["Petya"],"nationality":["ru"],"birthDate":["1970-02-03"],"passportNumber":["4509123456"],"email":["p@example.test"],"notes":["Owns &quot;Blue Fen&quot;"],"addressEntity":[{"id":"addr-1","schema":"Address","properties":{"full":["1 Test Lane, Moscow"],"country":["ru"]}}],"sanctions":[{"id":"s-1","schema":"Sanction","properties":{"entity":["x-1"],"program":["EU.UKR"],"startDate":["2022-02-25"],"reason":["Invented."]}}]}}
{"id":"x-2","caption":"Blue Fen LLC","schema":"Company","datasets":["example_list"],"target":true,"last_change":"2026-02-01T00:00:00","properties":{"name":["Blue Fen LLC"],"registrationNumber":["123456"]}}
"""

SEVERAL = """\
name,aliases
"Alpha Works","a) Beta Works b) Gamma &amp; Sons"
"""
