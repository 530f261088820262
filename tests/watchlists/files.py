"""Small list files in the official formats, invented but for their layout."""

# ruff: noqa: E501 - rows are as long as the publishers make them

from pathlib import Path

SDN = """\
101,"MERIDIAN FREIGHT LIMITED",-0- ,"RUSSIA-EO14024",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Tax ID No. 7701234567 (Russia); Email Address office@meridian.example; Telephone Number (7)(495)(1234567); a.k.a. 'MERFRE'; Linked To: NOBODY."
102,"IVANENKO, Pavel Petrovich","individual","RUSSIA-EO14024] [CYBER2","Director",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 20 May 1985; alt. DOB 1984; POB Minsk, Belarus; nationality Belarus; alt. citizen Russia; Gender Male; Passport MP1234567 (Belarus) issued 22 Jan 2013 expires 22 Jan 2023; Passport (Iran)."
103,"BLUE ANCHOR","vessel","IRAN",-0- ,"T2EU4","Crude Oil Tanker","99,144","56,068","Iran",-0- ,"Vessel Registration Identification IMO 9123456; MMSI 572469210; f.k.a. 'GREEN ANCHOR'."
104,"EP-XYZ","aircraft","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Aircraft Manufacturer's Serial Number (MSN) 1023409321; Linked To: SOME AIR."
"""
ALT = """\
101,1,"aka","MERIDIAN FRAKHT OOO",-0-
101,2,"fka","NORTHERN ""STAR"" FREIGHT",-0-
102,3,"aka","IVANENKA, Pavel",-0-
"""
ADD = """\
101,11,"5 Lesnaya Street","Moscow 127055","Russia",-0-
101,12,-0- ,-0- ,"Kyrgyzstan",-0-
102,13,-0- ,"Minsk","Belarus",-0-
"""

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2026-03-04T05:06:07.000Z">
 <INDIVIDUALS><INDIVIDUAL>
  <DATAID>1</DATAID><FIRST_NAME>Karim</FIRST_NAME><SECOND_NAME>al-Example</SECOND_NAME>
  <UN_LIST_TYPE>Taliban</UN_LIST_TYPE><REFERENCE_NUMBER>TAi.901</REFERENCE_NUMBER><LISTED_ON>2001-02-23</LISTED_ON>
  <COMMENTS1>Invented.</COMMENTS1><NAME_ORIGINAL_SCRIPT>كريم المثال</NAME_ORIGINAL_SCRIPT>
  <NATIONALITY><VALUE>Afghanistan</VALUE></NATIONALITY>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Karim Example Khan</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Example</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ADDRESS><STREET>Road 4</STREET><CITY>Quetta</CITY><COUNTRY>Pakistan</COUNTRY></INDIVIDUAL_ADDRESS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1961</FROM_YEAR><TO_YEAR>1963</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>OR 801168</NUMBER></INDIVIDUAL_DOCUMENT>
 </INDIVIDUAL></INDIVIDUALS>
 <ENTITIES><ENTITY>
  <DATAID>2</DATAID><FIRST_NAME>EXAMPLE TRADING</FIRST_NAME><UN_LIST_TYPE>DPRK</UN_LIST_TYPE>
  <REFERENCE_NUMBER>KPe.901</REFERENCE_NUMBER>
  <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>EXAMPLE COMMERCE</ALIAS_NAME></ENTITY_ALIAS>
  <ENTITY_ADDRESS><CITY>Dandong</CITY><COUNTRY>China</COUNTRY></ENTITY_ADDRESS>
 </ENTITY></ENTITIES>
</CONSOLIDATED_LIST>
"""

SIMPLE = """\
"id","schema","name","aliases","birth_date","countries","addresses","identifiers","sanctions","phones","emails","dataset","first_seen","last_seen","last_change"
"x-1","Person","Raisa Exampleva","Раиса Экземплярова;R. Exampleva","1970-01-02","kg;ru","Bishkek, Kyrgyzstan","AN1234567","Some Programme","+996 312 555 777","r@example.test","example_list","2026-01-01","2026-02-02","2026-02-02"
"x-2","Company","OSOO EXAMPLE KARGO","","","kg","","","Some Programme","","","example_list","2026-01-01","2026-02-02","2026-03-01"
"""


def write_sdn(folder: Path, *, upper: bool = False) -> Path:
    """The trio SDN, ALT, ADD; returns the SDN file."""
    for name, text in (("sdn.csv", SDN), ("alt.csv", ALT), ("add.csv", ADD)):
        path = folder / (name.upper() if upper else name)
        path.write_bytes((text.replace("\n", "\r\n") + "\x1a").encode("latin-1"))
    return folder / ("SDN.CSV" if upper else "sdn.csv")


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
